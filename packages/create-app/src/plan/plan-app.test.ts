import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from '../apply/apply-plan.ts';
import { readCheckout } from '../checkout/read-checkout.ts';
import { type TemporaryCheckout, temporaryCheckout } from '../testing/temporary-checkout.ts';
import { type AppWishes, planApp } from './plan-app.ts';

describe('a new app', { timeout: 60_000 }, () => {
  let checkout: TemporaryCheckout;
  beforeAll(() => {
    checkout = temporaryCheckout();
  });
  afterEach(() => {
    checkout.git('clean', '-fdq');
    checkout.git('checkout', '--quiet', '.');
  });
  afterAll(() => checkout.remove());

  // Its own in each test file: looking for a free port takes it for a moment.
  const plan = async (wishes: AppWishes) => planApp(wishes, await readCheckout(checkout.root, 30_200, wishes.kind));
  const status = () => checkout.git('status', '--porcelain');
  const read = (path: string) => readFileSync(join(checkout.root, path), 'utf8');

  it('has every file that git tracks of the template, and its own name in place of the template’s', async () => {
    writeFileSync(join(checkout.root, 'apps', 'template', 'untracked.ts'), '// left lying about');
    applyPlan(await plan({ name: 'street-works' }), checkout.root);
    const files = (app: string) =>
      checkout
        .git('ls-files', '--cached', '--others', '--exclude-standard', `apps/${app}`)
        .split('\n')
        .map((file) => file.replace(`apps/${app}/`, ''))
        .sort();
    expect(files('street-works')).toEqual(files('template').filter((file) => file !== 'untracked.ts'));
    const left = execFileSync('grep', ['-ril', 'template', 'apps/street-works'], {
      cwd: checkout.root,
      encoding: 'utf8',
    });
    expect(left.trim()).toBe('apps/street-works/package.json');
    expect(read('apps/street-works/package.json').match(/template/g)).toHaveLength(1);
  });

  it('records the commit it is from, the same whatever the working tree holds', async () => {
    writeFileSync(join(checkout.root, 'apps', 'template', 'src', 'server.ts'), '// half a thought');
    applyPlan(await plan({ name: 'grants' }), checkout.root);
    expect(JSON.parse(read('apps/grants/package.json'))).toMatchObject({
      name: '@gatehouse/grants',
      template: { version: expect.any(Number), commit: checkout.git('rev-parse', 'HEAD').trim() },
    });
    expect(read('apps/grants/src/server.ts')).not.toContain('half a thought');
  });

  it('takes a place that nobody has, and opens to nobody', async () => {
    const { manifest } = await plan({ name: 'grants' });
    expect(manifest).toMatchObject({
      clientId: 'grants',
      title: 'Grants',
      portOffset: 6,
      schema: 'grants',
      accessRules: [],
    });
    applyPlan(await plan({ name: 'grants' }), checkout.root);
    const second = await plan({ name: 'street-works' });
    expect(second.manifest).toMatchObject({ title: 'Street works', portOffset: 7, schema: 'street_works' });
    expect(second.manifest.position).toBeGreaterThan(manifest.position);
    expect(second.manifest.accent).not.toBe(manifest.accent);
    await expect(plan({ name: 'grants' })).rejects.toMatchObject({ code: 'name_refused' });
  });

  it('opens to a department that is named, and knows which there are', async () => {
    const { manifest } = await plan({ name: 'grants', department: 'finance' });
    expect(manifest.accessRules).toEqual([{ role: 'reader', department: 'finance' }]);
    await expect(plan({ name: 'grants', department: 'magic' })).rejects.toThrow(/no department "magic".*finance/);
  });

  it.each(
    [`Ann's "best" app`, "Ann's app", 'Back\\slash', '${process.exit(1)}', 'Größe 😀'].map((title, index) => ({
      title,
      name: `title-${index}`,
    })),
  )('may have the title $title, written as the formatter would', async ({ title, name }) => {
    applyPlan(await plan({ name, title, department: 'finance' }), checkout.root);
    const { default: manifest } = await import(join(checkout.root, 'apps', name, 'manifest.ts'));
    expect(manifest.title).toBe(title);
    expect(read(`apps/${name}/manifest.ts`)).toBe(formatted(read(`apps/${name}/manifest.ts`)));
  });

  it('of kind api has scopes and nobody who may call it, and no page', async () => {
    const { create } = await plan({ name: 'court-records', kind: 'api' });
    applyPlan(await plan({ name: 'court-records', kind: 'api' }), checkout.root);
    const { default: manifest } = await import(join(checkout.root, 'apps/court-records/manifest.ts'));
    expect(manifest).toMatchObject({ roles: {}, accessRules: [], api: { clients: {} } });
    expect(Object.keys(manifest.api.scopes)).toContain('notices:read');
    expect(
      create.map(({ path }) => path).filter((path) => path.endsWith('.ejs') || path.endsWith('kind.json')),
    ).toEqual([]);
    expect(read('apps/court-records/manifest.ts')).toBe(formatted(read('apps/court-records/manifest.ts')));
    expect(JSON.parse(read('apps/court-records/package.json')).kind).toBe('api');
    await expect(plan({ name: 'courts', kind: 'api', department: 'finance' })).rejects.toMatchObject({
      code: 'department_refused',
    });
  });

  it('of kind job has all of the template, and its job', async () => {
    const paths = async (kind: 'page' | 'job') => (await plan({ name: 'grants', kind })).create.map(({ path }) => path);
    const [page, job] = [await paths('page'), await paths('job')];
    expect(job).toEqual(expect.arrayContaining(page));
    expect(job.length).toBeGreaterThan(page.length);
  });

  it.each(['', ' ', 'x'.repeat(41), 'two\nlines', 'bell\u0007'])('cannot have the title %j', async (title) => {
    await expect(plan({ name: 'grants', title })).rejects.toMatchObject({ code: 'title_refused' });
  });

  it('leaves nothing behind when it is taken back', async () => {
    applyPlan(await plan({ name: 'grants' }), checkout.root)();
    expect(status()).toBe('');
  });

  it('leaves nothing behind when any of its files cannot be written', async () => {
    const right = await plan({ name: 'grants' });
    const apply = (create: typeof right.create, edit: typeof right.edit) =>
      applyPlan({ ...right, create, edit }, checkout.root);
    // There is a folder of this name.
    const [path, content] = ['apps/template', Buffer.from('')];
    for (const at of [...right.create.keys(), right.create.length]) {
      const broken = right.create.toSpliced(at, 0, { path, content, executable: false });
      expect(() => apply(broken, right.edit), `file ${at}`).toThrow();
      expect(status(), `file ${at}`).toBe('');
    }
    for (const at of [...right.edit.keys(), right.edit.length]) {
      const broken = right.edit.toSpliced(at, 0, { path, before: '', after: '' });
      expect(() => apply(right.create, broken), `edit ${at}`).toThrow();
      expect(status(), `edit ${at}`).toBe('');
    }
  });
});

const repository = join(import.meta.dirname, '..', '..', '..', '..');

/** As the formatter of this repository leaves a manifest. */
function formatted(source: string): string {
  const biome = join(repository, 'node_modules', '.bin', 'biome');
  const stdin = `--stdin-file-path=${join(repository, 'apps', 'finance', 'manifest.ts')}`;
  return execFileSync(biome, ['format', stdin], { cwd: repository, input: source, encoding: 'utf8' });
}
