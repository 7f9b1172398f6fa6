import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EditableCheckout, editableCheckout } from '../testing/editable-checkout.ts';
import { updateApp } from './update-app.ts';

describe('C38 D10 an app that takes what changed in the template', { timeout: 60_000 }, () => {
  let checkout: EditableCheckout;
  beforeEach(async () => {
    checkout = editableCheckout();
    await checkout.makeApp('grants');
    checkout.commit('feat: grants');
  });
  afterEach(() => checkout.dispose());

  const update = (options: { dryRun?: boolean; resolved?: string } = {}) =>
    updateApp({ root: checkout.root, name: 'grants', dryRun: false, ...options });
  const outcomes = () => update().changes.map(({ path, outcome }) => [path, outcome]);

  it('has both sides’ lines, and the template’s new state in its record', () => {
    const { replace, read, write, commit, announce } = checkout;
    replace('grants/src/server.ts', 'const config', '// The team was here.\nconst config');
    write('grants/src/own.ts', 'export const own = 1;\n');
    commit('feat(grants): edits');
    replace('template/src/server.ts', 'await serve(', '// Listens last.\nawait serve(');
    write('template/src/added.ts', 'export const added = true;\n');
    announce(2, 'Listens last.');
    const newest = commit('feat(template): improvement');

    const planned = update({ dryRun: true });
    expect(planned.changes.map(({ path }) => path)).toEqual(['src/added.ts', 'src/server.ts']);
    expect(checkout.git('status', '--porcelain')).toBe('');
    expect(outcomes()).toEqual([
      ['src/added.ts', 'added'],
      ['src/server.ts', 'merged'],
    ]);
    expect(read('grants/src/server.ts')).toMatch(/The team was here[^]*Listens last/);
    expect(read('grants/src/own.ts')).toContain('own');
    expect(checkout.record('grants')).toEqual({ version: 2, commit: newest });
    commit('chore(grants): update');
    expect(update().changes).toEqual([]);
  });

  it('marks what both changed, and records the template only when a person has decided', () => {
    const { replace, read, commit, record } = checkout;
    const made = record('grants');
    replace('grants/src/notices/notices.ejs', 'Suggest a notice', 'Ask for a grant');
    replace('grants/package.json', '"test": "vitest run"', '"test": "vitest run --bail 1"');
    commit('feat(grants): edits');
    replace('template/src/notices/notices.ejs', 'Suggest a notice', 'Suggest something');
    replace('template/package.json', '"test": "vitest run"', '"test": "vitest run --silent"');
    const newest = commit('feat(template): other words');

    expect(outcomes()).toEqual([
      ['package.json', 'conflict'],
      ['src/notices/notices.ejs', 'conflict'],
    ]);
    expect(read('grants/src/notices/notices.ejs')).toMatch(
      /<{7} your-app\n.*Ask for a grant[^]*Suggest a notice[^]*Suggest something.*\n>{7} template-now/,
    );
    expect(read('grants/package.json')).toContain('--bail 1');
    expect(record('grants')).toEqual(made);
    expect(() => update({ resolved: newest })).toThrow(/still conflicts in .*notices\.ejs/);
    checkout.git('checkout', '--quiet', '--', 'apps/grants/src/notices/notices.ejs');
    update({ resolved: newest });
    expect(record('grants')).toEqual({ version: 1, commit: newest });
  });

  it('follows a folder that the team renamed, and keeps both sides of a file that one of them removed', () => {
    const { move, remove, replace, write, read, commit, has } = checkout;
    move('grants/src/notices', 'grants/src/requests');
    remove('grants/prisma/seed.ts');
    replace('grants/src/config.ts', 'Everything this app', 'All that this app');
    commit('feat(grants): edits');
    replace('template/src/notices/notices.ejs', 'No notices yet', 'Nothing here yet');
    write('template/src/notices/added.ejs', '<p>added</p>\n');
    replace('template/prisma/seed.ts', 'All paces.', 'Everybody.');
    remove('template/src/config.ts');
    commit('feat(template): improvements');

    expect(outcomes()).toEqual([
      ['prisma/seed.ts', 'conflict'],
      ['src/config.ts', 'conflict'],
      ['src/requests/added.ejs', 'added'],
      ['src/requests/notices.ejs', 'merged'],
    ]);
    expect(read('grants/prisma/seed.ts')).toContain('Everybody.');
    expect(read('grants/src/config.ts')).toContain('All that this app');
    expect(read('grants/src/requests/notices.ejs')).toContain('Nothing here yet');
    expect(has('grants/src/notices')).toBe(false);
  });

  it('says that it has to be installed and that its tables need a migration, and takes no migration itself', () => {
    const { replace, write, read, commit, has } = checkout;
    expect(update()).toMatchObject({ needsInstall: false, needsMigration: false });
    replace('grants/package.json', '"zod": "catalog:"', '"jose": "catalog:",\n    "zod": "catalog:"');
    commit('feat(grants): a dependency');
    replace('template/package.json', '"zod": "catalog:"', '"pg": "catalog:",\n    "zod": "catalog:"');
    replace(
      'template/prisma/schema.prisma',
      'title      String',
      'title      String\n  pinned     Boolean @default(false)',
    );
    write('template/prisma/migrations/20270101000000_pinned/migration.sql', 'SELECT 1;\n');
    commit('feat(template): pinned notices');
    expect(update()).toMatchObject({ needsInstall: true, needsMigration: true });
    expect(JSON.parse(read('grants/package.json')).dependencies).toMatchObject({ jose: 'catalog:', pg: 'catalog:' });
    expect(has('grants/prisma/migrations/20270101000000_pinned')).toBe(false);
  });

  it.each(['api', 'job'] as const)('is merged with what an app of its kind begins as: %s', async (kind) => {
    const { makeApp, replace, read, commit, has, record } = checkout;
    await makeApp('parks', kind);
    commit(`feat: parks`);
    const update = () => updateApp({ root: checkout.root, name: 'parks', dryRun: false }).changes;
    expect(update()).toEqual([]);
    const file = kind === 'api' ? 'src/app.ts' : 'src/server.ts';
    replace('template/src/notices/notices.ejs', 'No notices yet', 'Nothing here yet');
    replace('template/src/config.ts', 'Everything this app', 'All that this app');
    replace(`../packages/create-app/kinds/${kind}/${file}`, 'import manifest', '// Of this kind.\nimport manifest');
    const newest = commit('feat(template): for every kind');
    expect(update().map(({ path, outcome }) => [path, outcome])).toEqual(
      [
        ['src/config.ts', 'updated'],
        ...(kind === 'api' ? [] : [['src/notices/notices.ejs', 'updated']]),
        [file, 'updated'],
      ].toSorted(),
    );
    expect(read(`parks/${file}`)).toContain('// Of this kind.');
    expect(has('parks/src/notices/notices.ejs')).toBe(kind === 'job');
    expect(record('parks').commit).toBe(newest);
  });

  it('marks every difference where the history no longer has the commit that it records', () => {
    const { replace, read, commit, write, record } = checkout;
    const pkg = JSON.parse(read('grants/package.json'));
    write('grants/package.json', `${JSON.stringify({ ...pkg, template: { version: 1, commit: 'f'.repeat(40) } })}\n`);
    replace('grants/src/notices/notices.ejs', 'Suggest a notice', 'Ask for a grant');
    commit('feat(grants): edits');
    replace('template/src/notices/routes.ts', "'Enter a title', 80", "'Enter a title', 70");
    const newest = commit('feat(template): shorter');
    const { isBaseKnown, changes } = update();
    expect(isBaseKnown).toBe(false);
    expect(changes.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['src/notices/notices.ejs', 'conflict'],
      ['src/notices/routes.ts', 'conflict'],
    ]);
    expect(record('grants').commit).not.toBe(newest);
  });

  it('leaves an app alone that has uncommitted changes, or that was not made from the template', () => {
    const { write, remove, replace, commit, root } = checkout;
    replace('template/src/config.ts', 'Everything this app', 'All that this app');
    commit('feat(template): words');
    write('grants/src/own.ts', '');
    expect(() => update()).toThrow(/not committed/);
    remove('grants/src/own.ts');
    expect(outcomes()).toEqual([['src/config.ts', 'updated']]);
    const other = () => updateApp({ root, name: 'finance', dryRun: false });
    expect(other).toThrow(/names no template commit/);
  });
});
