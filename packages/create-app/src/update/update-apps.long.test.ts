import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EditableCheckout, editableCheckout } from '../testing/editable-checkout.ts';
import { updateApps, updateArguments } from './update-apps.ts';

describe('updating apps', { timeout: 60_000 }, () => {
  let checkout: EditableCheckout;
  let said: string;
  beforeEach(async () => {
    checkout = editableCheckout();
    said = '';
    for (const name of ['grants', 'parks']) await checkout.makeApp(name);
    checkout.commit('feat: two apps');
  });
  afterEach(() => checkout.dispose());

  const update = (...args: string[]) =>
    updateApps(checkout.root, updateArguments(args), (lines) => (said += `${lines}\n`));

  it('takes every app that was made from the template, or those that are named', () => {
    checkout.replace('template/src/config.ts', 'Everything this app', 'All that this app');
    checkout.commit('feat(template): words');
    expect(update('parks', '--dry-run')).toEqual({ isClean: true, needsInstall: false });
    expect(said).toMatch(
      /^\nparks: template 1 \(\w{7}\) → 1 \(\w{7}\)\n {2}updated {3}src\/config.ts\n\nNothing was changed/,
    );
    expect(update()).toEqual({ isClean: true, needsInstall: false });
    for (const name of ['grants', 'parks']) expect(checkout.read(`${name}/src/config.ts`)).toContain('All that');
  });

  it('updates the others where one cannot be, and says so', () => {
    checkout.replace('template/package.json', '"zod": "catalog:"', '"jose": "catalog:",\n    "zod": "catalog:"');
    checkout.commit('feat(template): jose');
    checkout.write('grants/src/own.ts', '');
    expect(update()).toEqual({ isClean: false, needsInstall: true });
    expect(said).toContain('grants: not updated. apps/grants has changes that are not committed');
    expect(checkout.read('grants/package.json')).not.toContain('jose');
    expect(checkout.read('parks/package.json')).toContain('jose');
  });

  it('says what is left for people, with the command for it', () => {
    checkout.replace('grants/src/notices/notices.ejs', 'Suggest a notice', 'Ask for a grant');
    checkout.commit('feat(grants): words');
    checkout.replace('template/src/notices/notices.ejs', 'Suggest a notice', 'Suggest something');
    checkout.replace('template/prisma/schema.prisma', '/// Something that', '/// What');
    const newest = checkout.commit('feat(template): words');
    expect(update('grants')).toEqual({ isClean: false, needsInstall: false });
    expect(said).toContain('conflict  src/notices/notices.ejs: Merge conflict in src/notices/notices.ejs');
    expect(said).toContain('pnpm --dir apps/grants exec gatehouse-prisma migrate dev --name NAME');
    expect(said).toContain(`pnpm app-update grants --resolved ${newest}`);
  });

  it.each([[['--force']], [['--resolved', 'abc']], [['grants', 'parks', '--resolved', 'abc']]])(
    'does not take %j',
    (args) => expect(() => updateArguments(args)).toThrow(expect.objectContaining({ code: 'usage' })),
  );

  it('takes a resolution for one app', () => {
    expect(updateArguments(['grants', '--resolved', 'abc'])).toEqual({
      names: ['grants'],
      dryRun: false,
      resolved: 'abc',
    });
    expect(update('grants', '--resolved', 'abc')).toMatchObject({ isClean: false });
    expect(said).toContain('abc is not a commit of this clone');
  });
});
