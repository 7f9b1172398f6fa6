import { createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Auth } from '../index.ts';
import { postgresStore } from './index.ts';
import { type StoreTest, startStoreTest } from './test-store.ts';

describe('what a request knows of a person', () => {
  let test: StoreTest;

  beforeAll(async () => {
    test = await startStoreTest();
  });
  beforeEach(() => test.reset());
  afterEach(() => void vi.restoreAllMocks());
  afterAll(() => test.close());

  it('takes person, roles and apps from the directory, and asks no userinfo', async () => {
    const { auth } = (await createBrowser().visit(test.app.url)).json<{ auth: Auth }>();
    const { rows } = await test.db.owner.query('SELECT name, email, login FROM directory.person WHERE id = $1', [
      test.clerk,
    ]);
    expect(auth.person).toEqual({ id: test.clerk, ...rows[0] });
    expect(auth.roles).toContain('clerk');
    expect(auth.apps.find(({ clientId }) => clientId === 'finance')).toMatchObject({ title: 'Finance' });
    expect(auth.apps.map(({ clientId }) => clientId)).not.toContain('console');
    expect(auth.session.sid).toBe(test.signIns[0]?.sid);
    expect(test.provider.requests).not.toContain('GET /me');
  });

  it('S55 R18 knows people by their sub: an e-mail address and a login that change hands change nobody', async () => {
    const browser = await test.signedIn();
    const me = async () => (await browser.visit(test.app.url)).json<{ auth: Auth }>().auth;
    const before = await me();
    const { rows } = await test.db.owner.query<{ id: string; login: string; email: string }>(
      `SELECT id, login, email FROM directory.person WHERE login = 'eleanor.vance'`,
    );
    const [director] = rows;
    const rename = (id: string | undefined, login: string | undefined, email: string | null | undefined) =>
      test.db.owner.query('UPDATE directory.person SET login = $2, email = $3 WHERE id = $1', [id, login, email]);
    await rename(director?.id, 'somebody.before', 'before@harbour.example');
    await rename(test.clerk, director?.login, director?.email);

    for (const auth of [await me(), (await (await test.signedIn()).visit(test.app.url)).json<{ auth: Auth }>().auth]) {
      expect(auth.person).toMatchObject({ id: test.clerk, name: before.person.name, email: director?.email });
      expect(auth.roles).toEqual(before.roles);
    }
    await rename(test.clerk, before.person.login, before.person.email);
    await rename(director?.id, director?.login, director?.email);
  });

  it('is nothing to a sign-in without a second factor, from the moment that a rule asks for one', async () => {
    const browser = await test.signedIn();
    const decide = (set: string) => test.db.owner.query(`UPDATE directory.${set}`);
    const others = "app_role SET second_factor_decided = true WHERE client_id = 'finance' AND role <> 'clerk'";
    await decide(
      `${others} AND role NOT IN (SELECT role FROM directory.effective_role WHERE person_id = '${test.clerk}')`,
    );
    await decide("app SET second_factor_decided = true WHERE client_id <> 'finance'");
    expect(await test.statusOf(browser)).toBe(200);

    await decide("app SET second_factor_decided = client_id = 'finance'");
    expect(await test.statusOf(browser)).toBe(401);
    await decide('app SET second_factor_decided = NULL');
    expect(await test.statusOf(browser)).toBe(200);
    await decide("app_role SET second_factor_decided = true WHERE client_id = 'finance' AND role = 'clerk'");
    expect(await test.statusOf(browser)).toBe(401);
    await test.db.owner.query('UPDATE app_sessions.sign_in SET second_factor = true WHERE person_id = $1', [
      test.clerk,
    ]);
    expect(await test.statusOf(browser)).toBe(200);
    await decide('app_role SET second_factor_decided = NULL');
  });

  it('makes exactly one statement on a request, and two on the way from login to the callback', async () => {
    const browser = await test.signedIn();
    const query = vi.spyOn(test.pool, 'query');
    expect(await test.statusOf(browser)).toBe(200);
    expect(query).toHaveBeenCalledTimes(1);
    query.mockClear();
    const other = createBrowser();
    const login = await other.visit(`${test.app.url}/auth/login`, { follow: false });
    await other.visit((await other.visit(login.headers.location ?? '', { follow: false })).headers.location ?? '', {
      follow: false,
    });
    expect(query).toHaveBeenCalledTimes(2);
  });

  it('C26 lists for everybody exactly the apps that the directory says they may open, if they have a page', async () => {
    await test.db.owner.query(`
      UPDATE directory.app SET access = 'everyone' WHERE client_id = 'service-desk';
      INSERT INTO directory.app (client_id, title, description, url, access) VALUES ('screen', 'Screen', '', '', 'everyone')`);
    const { rows } = await test.db.owner.query<{ sub: string; apps: string[]; roles: string[] }>(
      `SELECT p.id AS sub,
              ARRAY(SELECT client_id FROM directory.openable_app
                    WHERE person_id = p.id AND client_id <> 'screen' ORDER BY 1) AS apps,
              ARRAY(SELECT role FROM directory.effective_role WHERE person_id = p.id AND client_id = 'finance' ORDER BY 1) AS roles
       FROM directory.person p WHERE p.status = 'active'`,
    );
    const store = postgresStore(test.pool, { clientId: 'finance', sessionKey: test.sessionKey });
    for (const { sub, apps, roles } of rows) {
      await test.writeSignIn({ sessionUid: sub, clientId: 'finance', sid: sub, personId: sub });
      const signIn = { sub, sid: sub, idToken: '', stateHash: '', returnTo: '/', begunAt: Date.now() };
      expect(await store.insertSession(sub, { signIn })).toBe(true);
      const { auth } = (await store.loadSession(sub)) ?? expect.fail('the session is there');
      expect([auth.person.id, auth.apps.map(({ clientId }) => clientId).sort(), auth.roles]).toEqual([
        sub,
        apps,
        roles,
      ]);
      expect(auth.mayOpen).toBe(apps.includes('finance'));
    }
    await test.db.owner.query(`UPDATE directory.app SET access = 'rules' WHERE client_id = 'service-desk'`);
  });
  describe('C3 S64 obeys on the very next request', () => {
    it('a role withdrawn and given', async () => {
      const browser = await test.signedIn();
      expect(await test.statusOf(browser, '/clerk')).toBe(200);
      const withdrawn = await test.db.owner.query(
        `DELETE FROM directory.access_rule WHERE client_id = 'finance' AND role = 'clerk' RETURNING *`,
      );
      expect(await test.statusOf(browser, '/clerk')).toBe(403);
      expect(await test.statusOf(browser)).toBe(200);
      for (const rule of withdrawn.rows) {
        await test.db.owner.query(
          'INSERT INTO directory.access_rule (id, client_id, role, designation_id, department_id) VALUES ($1,$2,$3,$4,$5)',
          [rule.id, rule.client_id, rule.role, rule.designation_id, rule.department_id],
        );
      }
      expect(await test.statusOf(browser, '/clerk')).toBe(200);
    });

    it('an appointment that ends: the app is closed with 403, the person stays signed in', async () => {
      const browser = await test.signedIn();
      const ended = await test.db.owner.query<{ id: string }>(
        `UPDATE directory.appointment SET ends_on = greatest(starts_on, directory.today() - 1)
         WHERE person_id = $1 AND ends_on IS NULL AND starts_on < directory.today() RETURNING id`,
        [test.clerk],
      );
      const refused = await browser.fetch(test.app.url);
      expect([refused.status, refused.json<{ error: string }>().error]).toEqual([403, 'access_withdrawn']);
      await test.db.owner.query('UPDATE directory.appointment SET ends_on = NULL WHERE id = ANY ($1)', [
        ended.rows.map(({ id }) => id),
      ]);
      expect(await test.statusOf(browser)).toBe(200);
    });

    it('R23 S72 a person disabled', async () => {
      const browser = await test.signedIn();
      await test.db.owner.query(`UPDATE directory.person SET status = 'disabled' WHERE id = $1`, [test.clerk]);
      expect(await test.statusOf(browser)).toBe(401);
      await test.db.owner.query(`UPDATE directory.person SET status = 'active' WHERE id = $1`, [test.clerk]);
      expect(await test.statusOf(browser)).toBe(200);
    });

    it('S74 a sign-in ended', async () => {
      const [browser, other] = [await test.signedIn(), await test.signedIn()];
      await test.endSignIn(test.signIns[0]);
      expect([await test.statusOf(browser), await test.statusOf(other)]).toEqual([401, 200]);
    });
  });

  it('S23 ends a session at its absolute limit and after an idle hour, whether or not anything cleans up', async () => {
    const [old, idle] = [await test.signedIn(), await test.signedIn()];
    await test.change(old, `expires_at = now() - interval '1 second'`);
    await test.change(idle, `last_seen_at = now() - interval '59 minutes'`);
    expect([await test.statusOf(old), await test.statusOf(idle)]).toEqual([401, 200]);
    await test.change(idle, `last_seen_at = now() - interval '61 minutes'`);
    expect(await test.statusOf(idle)).toBe(401);
  });

  it('C2 never outlives the sign-in at the provider', async () => {
    const browser = await test.signedIn();
    await test.db.owner.query(
      `UPDATE app_sessions.sign_in SET expires_at = now() - interval '1 second' WHERE sid = $1`,
      [test.signIns[0]?.sid],
    );
    expect(await test.statusOf(browser)).toBe(401);
  });

  it('writes last-seen at most once a minute', async () => {
    const browser = await test.signedIn();
    await test.change(browser, `last_seen_at = now() - interval '2 minutes'`);
    const query = vi.spyOn(test.pool, 'query');
    await test.statusOf(browser);
    expect(query).toHaveBeenCalledTimes(2);
    query.mockClear();
    await test.statusOf(browser);
    expect(query).toHaveBeenCalledTimes(1);
  });
});
