import type { EditableCheckout } from './editable-checkout.ts';

/**
 * How the template came to be as it is, in five steps, each told backwards: what it was like before. The first makes
 * version 5 of today's, the last version 1.
 */
const steps: ((checkout: EditableCheckout) => void)[] = [
  // A limit stood in a file of its own.
  ({ write, replace }) => {
    write('template/src/limits.ts', 'export const mostShown = 50;\n');
    replace('template/src/notices/routes.ts', 'take: 50', 'take: mostShown');
    replace(
      'template/src/notices/routes.ts',
      "import manifest from '../../manifest.ts';",
      "import manifest from '../../manifest.ts';\nimport { mostShown } from '../limits.ts';",
    );
  },
  // Tables were found without an index; types of the driver were not needed.
  ({ replace }) => {
    replace('template/prisma/schema.prisma', '  @@index([status, writtenAt])\n', '');
    replace('template/package.json', '    "@types/pg": "catalog:",\n', '');
  },
  // Titles could be longer.
  ({ replace }) => {
    replace('template/src/notices/routes.ts', "'Enter a title', 80", "'Enter a title', 100");
    replace('template/src/notices/notices.ejs', 'maxlength: 80', 'maxlength: 100');
  },
  // A broken connection was not logged.
  ({ replace }) => {
    replace('template/src/server.ts', '  log,\n', '');
  },
  // Routes had a file of another name.
  ({ move, replace }) => {
    move('template/src/notices/routes.ts', 'template/src/notices/notice-routes.ts');
    replace('template/src/app.ts', './notices/routes.ts', './notices/notice-routes.ts');
  },
];

/**
 * Gives the template of a checkout a history of five versions, the newest of which is followed by what it is today.
 * @param visit called at each version, 1 to 5, with HEAD there
 * @returns the commit of today's template
 */
export async function replayHistory(
  checkout: EditableCheckout,
  visit: (version: number) => Promise<void>,
): Promise<string> {
  const { git, commit, announce } = checkout;
  const states = [git('rev-parse', 'HEAD').trim()];
  for (const step of steps) {
    step(checkout);
    states.unshift(commit('feat(template): an older form'));
  }
  for (const [index, state] of states.entries()) {
    git('rm', '-r', '--quiet', 'apps/template');
    git('checkout', '--quiet', state, '--', 'apps/template');
    if (index > 0) announce(index + 1, `Step ${index}`);
    if (git('status', '--porcelain')) commit(`feat(template): version ${index + 1}`);
    if (index < steps.length) await visit(index + 1);
  }
  return git('log', '-1', '--format=%H', '--', 'apps/template').trim();
}
