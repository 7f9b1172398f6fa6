import { type RetiredRole, registerApps } from '@gatehouse/directory/manage';
import { defineApp } from '@gatehouse/directory/manifest';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const about = { title: 'A role', description: 'Does something' };
const base = { clientId: 'parks', title: 'Parks', description: 'Trees', portOffset: 21 };
const rule = (role: string) => ({ role, department: 'finance' });

let db: TestDatabase;
let tomas: string;
beforeAll(async () => {
  db = await createTestDatabase();
  tomas = await db.personId('tomas.reyes');
});
afterAll(() => db.close());
beforeEach(() => db.owner.query("DELETE FROM directory.app WHERE client_id = 'parks'"));

async function start(manifest: object, release = '2'): Promise<RetiredRole[]> {
  const retired: RetiredRole[] = [];
  const app = { manifest: defineApp({ ...base, ...manifest } as never), url: 'https://parks.test' };
  const client = await db.owner.connect();
  try {
    await registerApps(client, [app], { release, onRetired: (each) => retired.push(each) });
  } finally {
    client.release();
  }
  return retired;
}
const rolesOf = async (personId: string) =>
  (
    await db.owner.query(
      "SELECT DISTINCT role FROM directory.effective_role WHERE client_id = 'parks' AND person_id = $1 ORDER BY role",
      [personId],
    )
  ).rows.map(({ role }) => role);
const grant = (personId: string, role: string) =>
  db.owner.query(
    "INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on) VALUES ($1, 'parks', $2, 'x', directory.today())",
    [personId, role],
  );

const gardener = { roles: { gardener: about }, accessRules: [rule('gardener')] };

describe('S105 a start takes no role from anybody', () => {
  it('that the manifest merely declares no more', async () => {
    await start(gardener);
    expect(await rolesOf(tomas)).toEqual(['gardener']);
    expect(await start({ roles: { ranger: about } })).toEqual([]);
    expect(await rolesOf(tomas)).toEqual(['gardener']);
  });

  it('that is renamed: its rules and grants come along', async () => {
    await start(gardener);
    const noor = await db.personId('noor.haddad');
    await grant(noor, 'gardener');
    await start({ roles: { ranger: { ...about, renamedFrom: 'gardener' } }, accessRules: [rule('ranger')] });
    expect(await rolesOf(tomas)).toEqual(['ranger']);
    expect(await rolesOf(noor)).toEqual(['ranger']);
    await start({ roles: { ranger: { ...about, renamedFrom: 'gardener' } } });
    expect(await rolesOf(tomas)).toEqual(['ranger']);
  });

  it('that is renamed to one that is there already', async () => {
    await start({ roles: { gardener: about, ranger: about }, accessRules: [rule('gardener'), rule('ranger')] });
    const noor = await db.personId('noor.haddad');
    await grant(noor, 'gardener');
    await start({ roles: { ranger: { ...about, renamedFrom: 'gardener' } } });
    expect([await rolesOf(tomas), await rolesOf(noor)]).toEqual([['ranger'], ['ranger']]);
  });

  it('until it is retired: it says who loses it, and the audit keeps what was lost', async () => {
    await start(gardener);
    const retired = await start({ roles: { ranger: about }, retire: ['gardener'] });
    expect(retired).toEqual([{ clientId: 'parks', role: 'gardener', people: expect.arrayContaining(['Tomas Reyes']) }]);
    expect(await rolesOf(tomas)).toEqual([]);
    const { rows } = await db.owner.query(
      "SELECT detail FROM audit.event WHERE type = 'role.retired' ORDER BY id DESC LIMIT 1",
    );
    expect(rows[0].detail).toMatchObject({
      role: 'gardener',
      rules: [expect.objectContaining({ client_id: 'parks' })],
    });
    expect(await start({ roles: { ranger: about }, retire: ['gardener'] })).toEqual([]);
  });
});

describe('S105 a start', () => {
  it('of an older release changes nothing', async () => {
    await start({
      roles: { gardener: { ...about, secondFactor: true } },
      accessRules: [rule('gardener')],
      secondFactor: true,
    });
    await start({ roles: { old: about }, retire: ['gardener'], title: 'Old' }, '1');
    expect(await rolesOf(tomas)).toEqual(['gardener']);
    const { rows } = await db.owner.query(
      `SELECT a.title, a.second_factor AS app, r.second_factor AS role, r.role AS name
       FROM directory.app a JOIN directory.app_role r USING (client_id) WHERE client_id = 'parks'`,
    );
    expect(rows).toEqual([{ title: 'Parks', app: true, role: true, name: 'gardener' }]);
  });

  it('takes the rules of a role that is new, where the app is not, and no others', async () => {
    await start(gardener);
    await db.owner.query("DELETE FROM directory.access_rule WHERE client_id = 'parks'");
    await start({ roles: { gardener: about, ranger: about }, accessRules: [rule('gardener'), rule('ranger')] });
    expect(await rolesOf(tomas)).toEqual(['ranger']);
  });

  it('leaves permissions of its API that stay as they are, takes back others and gives new ones', async () => {
    const api = (clients: Record<string, string[]>) => ({
      roles: {},
      api: { scopes: { 'trees:read': 'x', 'trees:fell': 'y' }, clients },
    });
    const permissions = async () =>
      (
        await db.owner.query(
          "SELECT client_id AS client, scope, xmin::text AS written FROM directory.api_permission WHERE audience = 'https://parks.test/api' ORDER BY 1, 2",
        )
      ).rows;
    await start(api({ finance: ['trees:read', 'trees:fell'] }));
    const [, before] = await permissions();
    await start(api({ finance: ['trees:read'], template: ['trees:read'] }));
    expect(await permissions()).toEqual([before, expect.objectContaining({ client: 'template', scope: 'trees:read' })]);
  });

  it.each([
    ['renamedFrom of a role that is declared', { roles: { a: about, b: { ...about, renamedFrom: 'a' } } }],
    ['a retired role that is declared', { roles: { a: about }, retire: ['a'] }],
  ])('refuses %s', async (_, manifest) => {
    await expect(start(manifest)).rejects.toThrow(/is a role of its own|is declared as well/);
  });
});
