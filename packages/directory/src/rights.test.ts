import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appsOf, designationsOf, listPeople, managerOf, rolesOf } from './index.ts';
import { endAppointment, grantRole, startAppointment, withdrawRole } from './manage/index.ts';

let db: TestDatabase;
let lena: string;

beforeAll(async () => {
  db = await createTestDatabase();
  lena = await db.personId('lena.novak');
  await db.owner.query(`
    INSERT INTO directory.app (client_id, title, description, url) VALUES ('parks', 'Parks', 'Parks', 'http://parks.test');
    INSERT INTO directory.app_role (client_id, role, title, description) VALUES
      ('parks', 'gardener', 'Gardener', ''), ('parks', 'warden', 'Warden', '');
    INSERT INTO directory.access_rule (client_id, role, department_id)
      SELECT 'parks', 'gardener', id FROM directory.department WHERE code = 'council';
    INSERT INTO directory.access_rule (client_id, role, designation_id)
      SELECT 'parks', 'warden', id FROM directory.designation WHERE code = 'caseworker'`);
});

beforeEach(async () => {
  await db.owner.query('DELETE FROM directory.appointment WHERE person_id = $1', [lena]);
});

afterAll(() => db.close());

const today = async (offset = 0): Promise<string> =>
  (await db.owner.query('SELECT (directory.today() + $1::int)::text AS day', [offset])).rows[0].day;

describe('effective roles', () => {
  it('come from a rule for the designation and from one for a department above it', async () => {
    expect(await rolesOf(db.owner, lena, 'parks')).toEqual([]);
    await startAppointment(db.owner, { personId: lena, designationCode: 'caseworker' });
    expect(await rolesOf(db.owner, lena, 'parks')).toEqual(['gardener', 'warden']);
  });

  it('hold from the first day of an appointment to the last, both inclusive', async () => {
    const spans: [number, number | undefined, boolean][] = [
      [0, 0, true],
      [-5, 0, true],
      [-5, -1, false],
      [1, undefined, false],
      [0, undefined, true],
    ];
    for (const [from, to, held] of spans) {
      await db.owner.query('DELETE FROM directory.appointment WHERE person_id = $1', [lena]);
      const span = { startsOn: await today(from), ...(to !== undefined && { endsOn: await today(to) }) };
      await startAppointment(db.owner, { personId: lena, designationCode: 'hr-assistant', ...span });
      expect(await rolesOf(db.owner, lena, 'parks'), `from ${from} to ${to}`).toEqual(held ? ['gardener'] : []);
    }
  });

  it('begin at midnight where the organisation is, not in Greenwich', async () => {
    const { rows } = await db.owner.query<{ zone: string; differs: boolean }>(
      `SELECT zone, (now() AT TIME ZONE zone)::date <> (now() AT TIME ZONE 'UTC')::date AS differs
       FROM unnest(ARRAY['Etc/GMT+12', 'Etc/GMT-14']) AS zone`,
    );
    const elsewhere = rows.find((row) => row.differs)?.zone;
    expect(elsewhere, 'at any moment one of the two has another date').toBeDefined();
    const utcDay = (await db.owner.query("SELECT (now() AT TIME ZONE 'UTC')::date::text AS day")).rows[0].day;
    await startAppointment(db.owner, {
      personId: lena,
      designationCode: 'hr-assistant',
      startsOn: utcDay,
      endsOn: utcDay,
    });
    const rolesIn = async (zone: string) => {
      await db.owner.query('UPDATE directory.organisation SET time_zone = $1', [zone]);
      return rolesOf(db.owner, lena, 'parks');
    };
    try {
      expect(await rolesIn('UTC')).toEqual(['gardener']);
      expect(await rolesIn(elsewhere ?? '')).toEqual([]);
    } finally {
      await rolesIn('Europe/London');
    }
  });

  it('end with the appointment, at once', async () => {
    const id = await startAppointment(db.owner, { personId: lena, designationCode: 'caseworker' });
    expect(await rolesOf(db.owner, lena, 'parks')).toEqual(['gardener', 'warden']);
    await endAppointment(db.owner, { id: id });
    expect(await rolesOf(db.owner, lena, 'parks')).toEqual([]);
  });

  it('come and go with a personal grant, which names who gave it and why', async () => {
    const administrator = await db.personId('noor.haddad');
    const id = await grantRole(
      db.owner,
      { personId: lena, clientId: 'parks', role: 'warden', reason: 'covers the summer' },
      { actorPersonId: administrator },
    );
    expect(await rolesOf(db.owner, lena, 'parks')).toEqual(['warden']);
    await withdrawRole(db.owner, id, { actorPersonId: administrator });
    expect(await rolesOf(db.owner, lena, 'parks')).toEqual([]);
    const { rows } = await db.owner.query(
      'SELECT type, actor_person_id FROM audit.event WHERE subject_person_id = $1 ORDER BY id DESC LIMIT 2',
      [lena],
    );
    expect(rows.map((row) => row.type)).toEqual(['role.withdrawn', 'role.granted']);
    expect(rows.every((row) => row.actor_person_id === administrator)).toBe(true);
  });

  it('are none for a disabled person', async () => {
    await startAppointment(db.owner, { personId: lena, designationCode: 'caseworker' });
    await db.owner.query("UPDATE directory.person SET status = 'disabled' WHERE id = $1", [lena]);
    expect(await rolesOf(db.owner, lena, 'parks')).toEqual([]);
    await db.owner.query("UPDATE directory.person SET status = 'active' WHERE id = $1", [lena]);
    expect(await rolesOf(db.owner, lena, 'parks')).toEqual(['gardener', 'warden']);
  });
});

describe('openable apps', () => {
  const opens = async () => (await appsOf(db.owner, lena)).some(({ clientId }) => clientId === 'parks');

  it('C25 C26 are closed to those without a role and listed for those with one', async () => {
    expect(await opens()).toBe(false);
    await startAppointment(db.owner, { personId: lena, designationCode: 'caseworker' });
    expect((await appsOf(db.owner, lena)).find(({ clientId }) => clientId === 'parks')?.roles).toEqual([
      'Gardener',
      'Warden',
    ]);
  });

  it('are open to every active person where the app says so', async () => {
    await db.owner.query("UPDATE directory.app SET access = 'everyone' WHERE client_id = 'parks'");
    expect(await opens()).toBe(true);
    await db.owner.query("UPDATE directory.app SET access = 'rules' WHERE client_id = 'parks'");
    expect(await opens()).toBe(false);
  });
});

describe('the line of management', () => {
  it('leads to the holder of the post that one reports to', async () => {
    const manager = await managerOf(db.owner, await db.personId('tomas.reyes'));
    expect(manager?.login).toBe('grace.lindqvist');
  });

  it('goes past a vacant post to the next one up, and ends at the top', async () => {
    const head = await db.personId('grace.lindqvist');
    await db.owner.query("UPDATE directory.person SET status = 'disabled' WHERE id = $1", [head]);
    expect((await managerOf(db.owner, await db.personId('tomas.reyes')))?.login).toBe('eleanor.vance');
    await db.owner.query("UPDATE directory.person SET status = 'active' WHERE id = $1", [head]);
    expect(await managerOf(db.owner, await db.personId('eleanor.vance'))).toBeUndefined();
  });
});

describe('people', () => {
  it('are found by name, login or designation, with what they hold today', async () => {
    const [samuel] = await listPeople(db.owner, { search: 'samuel.p' });
    expect(samuel?.designations).toEqual(['Finance Assistant', 'Head of Human Resources']);
    expect((await listPeople(db.owner, { search: 'head of finance' })).map(({ login }) => login)).toEqual([
      'grace.lindqvist',
    ]);
    expect(await listPeople(db.owner, { search: '100%' })).toEqual([]);
    expect((await designationsOf(db.owner, samuel?.id ?? '')).map(({ code }) => code)).toEqual([
      'finance-assistant',
      'head-of-people',
    ]);
  });

  it('S75 P18 are never deleted and keep their sub', async () => {
    await expect(db.owner.query('DELETE FROM directory.person WHERE id = $1', [lena])).rejects.toMatchObject({
      code: '23001',
    });
    await expect(
      db.owner.query('UPDATE directory.person SET id = gen_random_uuid() WHERE id = $1', [lena]),
    ).rejects.toMatchObject({ code: '23001' });
    expect((await db.owner.query("UPDATE directory.person SET phone = '1' WHERE id = $1", [lena])).rowCount).toBe(1);
  });
});

it('a department cannot stand below itself, and a move carries its lineage along', async () => {
  const code = (name: string) => `(SELECT id FROM directory.department WHERE code = '${name}')`;
  await expect(
    db.owner.query(`UPDATE directory.department SET parent_id = ${code('finance')} WHERE code = 'council'`),
  ).rejects.toMatchObject({ code: '23514' });
  await db.owner.query(`
    INSERT INTO directory.department (code, name, parent_id) VALUES ('payroll', 'Payroll', ${code('finance')});
    INSERT INTO directory.department (code, name, parent_id) VALUES ('pensions', 'Pensions', ${code('payroll')});
    UPDATE directory.department SET parent_id = ${code('people')} WHERE code = 'payroll'`);
  const { rows } = await db.owner.query(
    `SELECT ARRAY(SELECT a.code FROM unnest(d.lineage) WITH ORDINALITY AS l(id, n)
                  JOIN directory.department a ON a.id = l.id ORDER BY n) AS codes
     FROM directory.department d WHERE d.code = 'pensions'`,
  );
  expect(rows[0].codes).toEqual(['council', 'people', 'payroll', 'pensions']);
});
