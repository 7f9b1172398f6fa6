import { styleText } from 'node:util';
import type { Org } from '../organisation/org-file.ts';
import { formatColumns } from './columns.ts';

type Style = Parameters<typeof styleText>[0];

const paint = (style: Style) => (text: string) => styleText(style, text, { stream: process.stdout });
const heading = paint('bold');
const quiet = paint('dim');

/** What a person needs once everything runs: every address, and who to sign in as. `width` in characters. */
export function summary({ organisation, issuer, apps, people }: Org, width: number): string {
  const addresses = formatColumns(
    [
      ['Sign-in and my apps', issuer, ''],
      ...apps.map((app) => [app.title, app.url, app.client_id]),
      ["Everybody's mail", `${issuer}/mailbox`, ''],
    ],
    [paint('bold'), paint('cyan'), quiet],
    width,
  );
  const signIns = formatColumns(
    people.map((person) => [
      person.name,
      person.designations.join(', ') || 'no designation',
      person.login,
      person.password,
      person.note,
    ]),
    [paint('bold'), quiet, paint('green'), paint('green'), quiet],
    width,
    ['Name', 'Designation', 'Login', 'Password', 'What to see'],
  );
  const rule = quiet('─'.repeat(width));
  const title = `${heading('Gatehouse')} ${quiet(`· ${organisation} is running`)}`;
  const whoToBe = people.length ? [...signIns, rule] : [];
  return ['', title, rule, ...addresses, rule, ...whoToBe, quiet('Ctrl-C stops everything.'), ''].join('\n');
}
