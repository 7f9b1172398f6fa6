import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EditableCheckout, editableCheckout } from '../testing/editable-checkout.ts';
import { replayHistory } from '../testing/historical-template.ts';
import { updateApp } from './update-app.ts';

const installed = join(import.meta.dirname, '..', '..', '..', '..', 'apps', 'template', 'node_modules');
const versions = [1, 2, 3, 4, 5];
const nameOf = (version: number) => `from-${version}`;

/** What a team did to its app, and at which of the template's versions a person has to decide about it. */
interface TeamEdit {
  title: string;
  conflictsAt: number[];
  edit(app: string, checkout: EditableCheckout): void;
}

const routesOf = (app: string, { has }: EditableCheckout) =>
  [`${app}/src/notices/routes.ts`, `${app}/src/notices/notice-routes.ts`].find(has) ?? expect.fail('no routes');

const edits: TeamEdit[] = [
  {
    title: 'a line that the template changed too',
    conflictsAt: [1, 2, 3],
    edit(app, checkout) {
      const routes = routesOf(app, checkout);
      const limit = checkout.read(routes).includes("'Enter a title', 100") ? 100 : 80;
      checkout.replace(routes, `'Enter a title', ${limit}`, "'Enter a title', 60");
    },
  },
  {
    title: 'other lines of files that the template changed',
    conflictsAt: [],
    edit(app, checkout) {
      const routes = routesOf(app, checkout);
      const withdraw = "const withdraw = decide('withdrawn', 'suggested', 'published');";
      checkout.replace(routes, withdraw, `${withdraw}\n  const restore = decide('published', 'withdrawn');`);
      const route = "path: '/notices/:id/withdraw', form: '/', allow: 'publisher', handler: withdraw },";
      const own = "{ method: 'post', path: '/notices/:id/restore', form: '/', allow: 'publisher', handler: restore },";
      checkout.replace(routes, route, `${route}\n    ${own}`);
      checkout.replace(`${app}/src/server.ts`, 'const config =', '// The team was here.\nconst config =');
      checkout.replace(`${app}/src/notices/notices.ejs`, 'No notices yet', 'Nothing yet');
    },
  },
  {
    title: 'files of its own',
    conflictsAt: [],
    edit(app, { write }) {
      write(
        `${app}/src/grants/own.ts`,
        "import manifest from '../../manifest.ts';\nexport const own = manifest.clientId;\n",
      );
      write(`${app}/src/notices/own.ejs`, '<p>The team’s own view</p>\n');
      write(`${app}/prisma/migrations/20270101000000_own/migration.sql`, 'SELECT 1; -- its own\n');
    },
  },
  {
    title: 'a file that it removed',
    conflictsAt: [1, 2, 3],
    edit(app, { remove }) {
      remove(`${app}/src/notices/notices.ejs`);
      remove(`${app}/src/notices/notices.test.ts`);
    },
  },
  {
    title: 'a folder that it renamed',
    conflictsAt: [1],
    edit(app, checkout) {
      const { move, replace, read, write } = checkout;
      const routes = routesOf(app, checkout);
      write(routes, read(routes).replaceAll("'notices/notices'", "'requests/notices'"));
      replace(`${app}/src/app.ts`, './notices/', './requests/');
      move(`${app}/src/notices`, `${app}/src/requests`);
    },
  },
  {
    title: 'a dependency and a script',
    conflictsAt: [],
    edit(app, { replace }) {
      replace(`${app}/package.json`, '"zod": "catalog:"', '"pg": "catalog:",\n    "zod": "catalog:"');
      replace(`${app}/package.json`, '"check": "tsc', '"report": "node src/report.ts",\n    "check": "tsc');
    },
  },
];

describe('C38 D10 apps made at five versions of the template', () => {
  let checkout: EditableCheckout;
  let newest: string;
  let replayed: string;
  beforeAll(async () => {
    checkout = editableCheckout();
    newest = await replayHistory(checkout, async (version) => {
      await checkout.makeApp(nameOf(version));
      checkout.commit(`feat: ${nameOf(version)}`);
    });
    replayed = checkout.git('rev-parse', 'HEAD').trim();
  });
  afterAll(() => checkout?.dispose());

  /** Lines of code by app or template at a commit, without repetition and without what the app says of itself. */
  const linesAt = (commit: string, folder: string): Set<string> => {
    const files = ['--', `apps/${folder}`, ':!*/manifest.ts', ':!*/package.json', ':!*/migrations/*'];
    return new Set(checkout.git('grep', '-h', '--no-color', '-I', '', commit, ...files).split('\n'));
  };
  const linesNow = (folder: string) => {
    checkout.git('add', '--all', `apps/${folder}`);
    return new Set(checkout.git('grep', '-h', '--no-color', '-I', '--cached', '', '--', `apps/${folder}`).split('\n'));
  };
  const generated = new Map<string, string>();
  const typeErrors = (app: string): string => {
    const folder = checkout.at(app);
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    for (const name of readdirSync(installed)) {
      const link = join(folder, 'node_modules', name);
      if (!existsSync(link)) symlinkSync(join(installed, name), link);
    }
    const schema = checkout.read(`${app}/prisma/schema.prisma`);
    const client = join(folder, 'prisma', 'generated');
    const known = generated.get(schema);
    if (known && known !== client) cpSync(known, client, { recursive: true });
    else execFileSync(join(installed, '.bin', 'gatehouse-prisma'), ['generate'], { cwd: folder, stdio: 'pipe' });
    generated.set(schema, client);
    return spawnSync(join(installed, '.bin', 'tsc'), ['--noEmit'], { cwd: folder, encoding: 'utf8' }).stdout;
  };

  describe.each(edits)('with $title', ({ conflictsAt, edit }) => {
    let before: string;
    let edited: string;
    beforeAll(() => {
      checkout.git('checkout', '--quiet', '--force', '--detach', replayed);
      before = replayed;
      for (const version of versions) edit(nameOf(version), checkout);
      edited = checkout.commit('feat: what the teams did');
    });

    it.each(versions)('from version %i: the edits are there, and it builds or its conflicts are marked', (version) => {
      const app = nameOf(version);
      const record = checkout.record(app);
      const own = JSON.parse(checkout.read(`${app}/package.json`));
      const { changes } = updateApp({ root: checkout.root, name: app, dryRun: false });
      const conflicts = changes.filter(({ outcome }) => outcome === 'conflict');
      const lines = linesNow(app);
      const minus = (some: Iterable<string>, others: Set<string>) => [...some].filter((line) => !others.has(line));

      const teams = minus(linesAt(edited, app), linesAt(before, app));
      expect(minus(teams, lines), 'the team’s lines that are lost').toEqual([]);
      const improvements = minus(linesAt(newest, 'template'), linesAt(record.commit, 'template'));
      expect(minus(improvements, lines), 'the template’s lines that are lost').toEqual([]);
      const its = JSON.parse(checkout.read('template/package.json'));
      const merged = JSON.parse(checkout.read(`${app}/package.json`));
      for (const part of ['scripts', 'dependencies', 'devDependencies']) {
        expect(merged[part]).toEqual({ ...its[part], ...own[part] });
      }

      expect(conflicts.length > 0, conflicts.map(({ note }) => note).join()).toBe(conflictsAt.includes(version));
      if (conflicts.length) {
        for (const { path, note } of conflicts) {
          const marked = checkout.has(`${app}/${path}`) && /^<{7} /m.test(checkout.read(`${app}/${path}`));
          expect(marked || /deleted in|renamed/.test(note ?? ''), `${path}: ${note}`).toBe(true);
        }
        expect(checkout.record(app)).toEqual(record);
      } else {
        expect(checkout.record(app)).toEqual({ version: 6, commit: newest });
        expect(typeErrors(app)).toBe('');
      }
    });
  });

  it('finds what does not build', () => {
    checkout.git('checkout', '--quiet', '--force', '--detach', replayed);
    checkout.write('from-5/src/wrong.ts', "export const wrong: number = 'text';\n");
    expect(typeErrors('from-5')).toContain('src/wrong.ts');
  });
});
