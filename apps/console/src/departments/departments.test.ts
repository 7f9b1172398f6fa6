import type { RunningRelyingParty, Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsoleWithApi } from '../../testing/console-with-api.ts';
import { errorAt, textOf } from '../../testing/read-page.ts';
import { codeFrom } from './code-from.ts';

let rp: RunningRelyingParty, noor: Visitor, ruth: Visitor, close: () => Promise<void>;
beforeAll(async () => {
  ({ rp, noor, ruth, close } = await startConsoleWithApi());
});
afterAll(() => close());

const count = async (table: string) =>
  Number((await rp.db.owner.query(`SELECT count(*) AS n FROM directory.${table}`)).rows[0].n);

describe('the departments', () => {
  it('stand in their tree, each with its designations and who holds them, vacant ones too', async () => {
    await rp.db.owner.query(
      `INSERT INTO directory.designation (code, title, department_id)
       SELECT 'archivist', 'Archivist', id FROM directory.department WHERE code = 'finance'`,
    );
    const page = load((await noor.open('/departments')).body);
    expect(page('h2').first().text()).toContain('Harbour Council');
    const finance = page('[aria-labelledby=department-finance]');
    expect([finance.attr('data-level'), finance.text().replace(/\s+/g, ' ')]).toEqual([
      '2',
      expect.stringMatching(/Archivist ?vacant.*Finance Clerk ?.*Tomas Reyes/),
    ]);
    expect(page('a[href^="/new-"]').length).toBeGreaterThan(3);
    expect(load((await ruth.open('/departments')).body)('a[href^="/new-"]')).toHaveLength(0);
  });

  it('get another one below, and that a designation, which is there to appoint people to', async () => {
    const made = await noor.send('/new-department', { name: 'Parks & Gärten', department: 'council', code: '' });
    expect(made.url).toBe(`${rp.url}/departments?done=made`);
    await noor.send('/new-designation', {
      title: 'Head of Parks',
      department: 'parks-garten',
      designation: '',
      code: '',
    });
    const gardener = { title: 'Gardener', department: 'parks-garten', designation: 'head-of-parks', code: 'gardener' };
    await noor.send('/new-designation', gardener);
    const { rows } = await rp.db.owner.query(
      `SELECT d.code, d.title, dep.code AS department, up.code AS above, top.code AS "reportsTo"
       FROM directory.designation d JOIN directory.department dep ON dep.id = d.department_id
       JOIN directory.department up ON up.id = dep.parent_id LEFT JOIN directory.designation top ON top.id = d.reports_to_id
       WHERE dep.code = 'parks-garten' ORDER BY d.code`,
    );
    expect(rows).toEqual([
      { code: 'gardener', title: 'Gardener', department: 'parks-garten', above: 'council', reportsTo: 'head-of-parks' },
      { code: 'head-of-parks', title: 'Head of Parks', department: 'parks-garten', above: 'council', reportsTo: null },
    ]);
    expect(textOf((await noor.open('/departments')).body)).toMatch(/Parks & Gärten.*Gardener ?vacant/);
    const event = await rp.db.owner.query(
      "SELECT actor_person_id AS actor, detail FROM audit.event WHERE type = 'designation.created' ORDER BY id DESC LIMIT 1",
    );
    expect(event.rows[0]).toMatchObject({ actor: noor.personId, detail: { code: 'gardener' } });
  });

  it.each([
    ['/new-department', { name: ' ', department: 'council' }, 'name', 'Enter a name'],
    ['/new-department', { name: 'X', department: '' }, 'department', 'Choose a department'],
    ['/new-department', { name: 'X', department: 'no-such' }, 'department', 'There is no such department any more'],
    ['/new-department', { name: 'Finance', department: 'council' }, 'code', 'Another one has this code already'],
    [
      '/new-department',
      { name: 'X', department: 'council', code: 'Ä b' },
      'code',
      'Use small letters, digits and hyphens, a letter first',
    ],
    ['/new-designation', { title: '', department: 'finance' }, 'title', 'Enter a title'],
    [
      '/new-designation',
      { title: 'X', department: 'finance', designation: 'no-such' },
      'designation',
      'There is no such designation any more',
    ],
  ] as const)('%s says at the field what is wrong with %o, and writes nothing', async (path, fields, field, text) => {
    const before = [await count('department'), await count('designation')];
    const answer = await noor.send(path, { code: '', ...fields });
    expect([answer.status, errorAt(answer.body, field)]).toEqual([422, text]);
    expect([await count('department'), await count('designation')]).toEqual(before);
  });

  it('S69 are not changed by an auditor', async () => {
    const fields = { name: 'By Ruth', title: 'By Ruth', department: 'council', code: '' };
    for (const path of ['/new-department', '/new-designation'])
      expect((await ruth.send(path, fields)).status).toBe(403);
  });
});

it.each([
  ['Héros & Sons', 'heros-sons'],
  ['  24 Hours  ', 'hours'],
  ['財務', 'unnamed'],
])('the code of %s is %s', (name, code) => expect(codeFrom(name)).toBe(code));
