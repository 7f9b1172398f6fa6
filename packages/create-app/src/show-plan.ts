import { styleText } from 'node:util';
import type { Plan } from './plan/plan-app.ts';

const bold = (text: string) => styleText('bold', text, { stream: process.stdout });
const quiet = (text: string) => styleText('dim', text, { stream: process.stdout });
const added = (text: string) => styleText('green', text, { stream: process.stdout });

/** The plan for people: what the app will be, and every file that comes or changes. */
export function showPlan({ manifest, commit, create, edit }: Plan, portBase: number): string {
  const { clientId, title, schema, portOffset, accessRules, api } = manifest;
  const facts = [
    ['Address', `http://localhost:${portBase + portOffset}`],
    ['Postgres schema', schema],
    ...(api
      ? [['Serves', Object.keys(api.scopes).join(', ')]]
      : [
          ['Cookie', `gatehouse.${clientId}`],
          ['Open to', accessRules.map(({ department, role }) => `${department} as ${role}`).join(', ') || 'nobody yet'],
        ]),
    ['From', `apps/template at ${commit.slice(0, 12)}`],
  ];
  const size = (content: Buffer) => `${content.toString().trimEnd().split('\n').length} lines`;
  return [
    '',
    `${bold(title)} ${quiet(`· apps/${clientId}`)}`,
    ...facts.map(([label = '', value = '']) => `  ${quiet(label.padEnd(17))}${value}`),
    '',
    ...create.map(({ path, content }) => `  ${added('new    ')}${path} ${quiet(size(content))}`),
    ...edit.map(
      ({ path, before, after }) => `  ${added('change ')}${path} ${quiet(`+${lines(after) - lines(before)} lines`)}`,
    ),
    '',
  ].join('\n');
}

const lines = (text: string) => text.split('\n').length;
