import { randomToken, sha256 } from '@gatehouse/encryption';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { createTestProvider, type TestProvider, type TestSignIn } from '@gatehouse/test-kit/provider';
import pg from 'pg';
import { requireLogin, requireRole } from '../index.ts';
import { createTestApp, type TestApp } from '../test-app.ts';
import { postgresStore } from './index.ts';

export interface StoreTest {
  db: TestDatabase;
  /** Connected as finance. */
  pool: pg.Pool;
  provider: TestProvider;
  app: TestApp;
  sessionKey: string;
  /** The `sub` of a finance clerk. */
  clerk: string;
  /** Every sign-in since the test began, oldest first. */
  signIns: TestSignIn[];
  reset(): void;
  signedIn(): Promise<Browser>;
  statusOf(browser: Browser, path?: string): Promise<number>;
  sessionIdOf(browser: Browser): Promise<string>;
  /** Changes the stored row of this browser's session. */
  change(browser: Browser, assignment: string): Promise<void>;
  writeSignIn(signIn: TestSignIn): Promise<void>;
  endSignIn(signIn: TestSignIn | undefined): Promise<void>;
  close(): Promise<void>;
}

/** Finance as a relying party whose sessions are in a database of this test's own. */
export async function startStoreTest(): Promise<StoreTest> {
  const db = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: db.urlFor('finance') });
  const sessionKey = randomToken();
  const clerk = await someoneWith(db, 'clerk');
  const provider = await createTestProvider();
  const app = await createTestApp(provider, {
    store: postgresStore(pool, { clientId: 'finance', sessionKey }),
    options: { sessionKey },
    routes(express) {
      express.get('/clerk', requireRole('clerk'), (_req, res) => void res.json({}));
      express.get('/note', requireLogin(), (req, res) => {
        Object.assign(req.session, { note: req.query.text });
        res.json({});
      });
      express.get('/session', requireLogin(), (req, res) => void res.json(req.session));
    },
  });
  const test: StoreTest = {
    db,
    pool,
    provider,
    app,
    sessionKey,
    clerk,
    signIns: [],
    reset() {
      test.signIns = [];
      provider.person = { sub: clerk };
      delete provider.hooks.onExchange;
    },
    async signedIn() {
      const browser = createBrowser();
      const { status } = await browser.visit(app.url);
      if (status !== 200) throw new Error(`signing in was answered ${status}`);
      return browser;
    },
    statusOf: async (browser, path = '/') => (await browser.fetch(`${app.url}${path}`)).status,
    async sessionIdOf(browser) {
      const cookie = (await browser.cookies(app.url)).find(({ key }) => key === 'gatehouse.finance');
      return /^s:([\w-]+)\./.exec(decodeURIComponent(cookie?.value ?? ''))?.[1] ?? '';
    },
    async change(browser, assignment) {
      const idHash = sha256(await test.sessionIdOf(browser));
      await db.owner.query(`UPDATE app_sessions.session SET ${assignment} WHERE id_hash = $1`, [idHash]);
    },
    async writeSignIn({ sessionUid, clientId, sid, personId }) {
      await db.owner.query(
        `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
         VALUES ($1, $2, $3, 'grant', $4, now() + interval '12 hours')`,
        [sessionUid, clientId, sid, personId],
      );
    },
    async endSignIn(signIn) {
      await db.owner.query('UPDATE app_sessions.sign_in SET ended_at = now() WHERE sid = $1', [signIn?.sid]);
    },
    async close() {
      await app.close();
      await provider.close();
      await pool.end();
      await db.close();
    },
  };
  provider.hooks.onSignIn = async (signIn) => {
    test.signIns.push(signIn);
    await test.writeSignIn(signIn);
  };
  test.reset();
  return test;
}

async function someoneWith(db: TestDatabase, role: string): Promise<string> {
  const { rows } = await db.owner.query<{ person_id: string }>(
    `SELECT person_id FROM directory.effective_role WHERE client_id = 'finance' AND role = $1 LIMIT 1`,
    [role],
  );
  if (!rows[0]) throw new Error(`nobody is ${role}`);
  return rows[0].person_id;
}
