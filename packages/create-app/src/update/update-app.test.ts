import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyPlan } from '../apply/apply-plan.ts';
import { readCheckout } from '../checkout/read-checkout.ts';
import { planApp } from '../plan/plan-app.ts';
import { type TemporaryCheckout, temporaryCheckout } from '../testing/temporary-checkout.ts';
import { updateApp } from './update-app.ts';

describe('C38 D10 an app that takes what changed in the template', { timeout: 60_000 }, () => {
  let checkout: TemporaryCheckout;
  const at = (path: string) => join(checkout.root, 'apps', path);
  const read = (path: string) => readFileSync(at(path), 'utf8');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  const replace = (path: string, text: string, by: string) => {
    expect(read(path)).toContain(text);
    write(path, read(path).replace(text, by));
  };
  const commit = (message: string) => {
    checkout.git('add', '--all');
    checkout.git('commit', '--quiet', `--message=${message}`);
  };
  const makeApp = async (name: string) => {
    applyPlan(planApp({ name }, await readCheckout(checkout.root, 40_000)), checkout.root);
    commit(`feat: ${name}`);
  };
  const update = (name: string, options: { dryRun?: boolean; resolved?: string } = {}) =>
    updateApp({ root: checkout.root, name, dryRun: false, ...options });
  const outcomes = (name: string) => update(name).changes.map(({ path, outcome }) => [path, outcome]);
  const head = () => checkout.git('rev-parse', 'HEAD').trim();

  beforeEach(() => {
    checkout = temporaryCheckout();
  });
  afterEach(() => checkout.remove());

  it('merges into apps made at five versions and edited since, and loses nothing', async () => {
    const names = ['first', 'second', 'third', 'fourth', 'fifth'];
    const improvements = [
      () => write('template/src/added.ts', 'export const added = true;\n'),
      () => replace('template/src/server.ts', 'await serve(', '// Listens last.\nawait serve('),
      () => replace('template/package.json', '"zod": "catalog:"', '"zod": "catalog:",\n    "jose": "catalog:"'),
      () => replace('template/src/notices/notices.ejs', 'Suggest a notice', 'Suggest something'),
      () => appendFileSync(at('template/src/config.ts'), '\nexport const later = 1;\n'),
    ];
    for (const [index, name] of names.entries()) {
      await makeApp(name);
      replace(`${name}/src/server.ts`, 'const config', '// The team was here.\nconst config');
      replace(`${name}/package.json`, '"zod"', '"pg": "catalog:",\n    "zod"');
      write(`${name}/src/own.ts`, 'export const own = 1;\n');
      commit(`feat(${name}): edits`);
      improvements[index]?.();
      commit(`feat(template): improvement ${index}`);
    }
    const newest = head();
    for (const name of names) {
      expect(outcomes(name).map(([, outcome]) => outcome)).not.toContain('conflict');
      for (const file of ['src/added.ts', 'src/config.ts', 'src/notices/notices.ejs']) {
        expect(read(`${name}/${file}`), name).toBe(read(`template/${file}`));
      }
      expect(read(`${name}/src/server.ts`)).toContain('// The team was here.');
      expect(read(`${name}/src/server.ts`)).toContain('// Listens last.');
      expect(read(`${name}/src/own.ts`)).toContain('own');
      const own = JSON.parse(read(`${name}/package.json`));
      expect(own).toMatchObject({ name: `@gatehouse/${name}`, template: newest });
      expect(own.dependencies).toMatchObject({ pg: 'catalog:', jose: 'catalog:' });
      expect(read(`${name}/manifest.ts`)).toContain(`clientId: '${name}'`);
    }
    commit('chore: updates');
    expect(update('first').changes).toEqual([]);
  });

  it('marks what both changed, and records the template only when a person has decided', async () => {
    await makeApp('grants');
    const made = JSON.parse(read('grants/package.json')).template;
    replace('grants/src/notices/notices.ejs', 'Suggest a notice', 'Ask for a grant');
    replace('grants/package.json', '"test": "vitest run"', '"test": "vitest run --bail 1"');
    rmSync(at('grants/src/notices/notices.test.ts'));
    commit('feat(grants): edits');
    replace('template/src/notices/notices.ejs', 'Suggest a notice', 'Suggest something');
    replace('template/package.json', '"test": "vitest run"', '"test": "vitest run --silent"');
    appendFileSync(at('template/src/notices/notices.test.ts'), '// more\n');
    commit('feat(template): other words');
    const to = head();

    expect(outcomes('grants')).toEqual([
      ['package.json', 'conflict'],
      ['src/notices/notices.ejs', 'conflict'],
      ['src/notices/notices.test.ts', 'conflict'],
    ]);
    expect(read('grants/src/notices/notices.ejs')).toMatch(/<<<<<<< your app[^]*Ask for a grant[^]*Suggest something/);
    expect(JSON.parse(read('grants/package.json'))).toMatchObject({ template: made });
    expect(read('grants/package.json')).toContain('--bail 1');
    expect(() => update('grants', { resolved: to })).toThrow(/still conflicts in .*notices\.ejs/);
    checkout.git('checkout', '--quiet', '--', 'apps/grants/src/notices/notices.ejs');
    update('grants', { resolved: to });
    expect(JSON.parse(read('grants/package.json')).template).toBe(to);
  });

  it('leaves an app alone that has uncommitted changes, in a dry run, or that was not made from the template', async () => {
    await makeApp('grants');
    appendFileSync(at('template/src/config.ts'), '\nexport const later = 1;\n');
    appendFileSync(at('template/prisma/schema.prisma'), '// later\n');
    write('template/prisma/migrations/20270101000000_later/migration.sql', 'SELECT 1;\n');
    commit('feat(template): later');
    write('grants/src/own.ts', '');
    expect(() => update('grants')).toThrow(/not committed/);
    rmSync(at('grants/src/own.ts'));
    const planned = update('grants', { dryRun: true }).changes.map(({ path }) => path);
    expect(planned).toEqual(['prisma/schema.prisma', 'src/config.ts']);
    expect(checkout.git('status', '--porcelain')).toBe('');
    expect(() => update('finance')).toThrow(/names no template commit/);
  });
});
