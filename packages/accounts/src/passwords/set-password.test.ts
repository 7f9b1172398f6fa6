import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { poolOf, remains, startSession } from '../../testing/fixtures.ts';
import { createFirstAdministrator } from '../first-administrator.ts';
import { createOneTimeLink, findLink } from '../one-time-links.ts';
import { authenticate } from '../sign-in/authenticate.ts';
import { createPasswordHasher } from './hasher.ts';
import { setPasswordByLink } from './set-password.ts';

let db: TestDatabase;
let provider: Pool;
let tomas: string;
beforeAll(async () => {
  db = await createTestDatabase();
  provider = poolOf(db, 'identity-provider');
  tomas = await db.personId('tomas.reyes');
});
beforeEach(() => db.owner.query('DELETE FROM credentials.one_time_link'));
afterAll(async () => {
  await provider.end();
  await db.close();
});

const hasher = createPasswordHasher();
const password = 'correct horse battery staple';
const newLink = (lifetime = 3600) => createOneTimeLink(provider, { personId: tomas, purpose: 'reset', lifetime });
const use = (token: string, chosen = password) =>
  setPasswordByLink({ pool: provider, hasher }, { token, password: chosen, confirm: async () => {} });
const signIn = (chosen: string) =>
  authenticate({ pool: provider, hasher }, { login: 'tomas.reyes', password: chosen, address: '::1' });

describe('S40 a one-time link', () => {
  it('sets the password, ends every session and kills the other links', async () => {
    const session = await startSession(db.owner, tomas, ['finance']);
    const [token, other] = [await newLink(), await newLink()];
    expect(await use(token)).toEqual({ personId: tomas });
    expect(await signIn(password)).toMatchObject({ personId: tomas });
    expect(await remains(db.owner, session)).toEqual({ sessions: 0, signIns: 0, tokens: 0 });
    await expect(use(other)).rejects.toMatchObject({ code: 'link_unusable' });
  });

  it('works once, also when used in parallel', async () => {
    const token = await newLink();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => use(token)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(use(token)).rejects.toMatchObject({ code: 'link_unusable' });
  });

  it.each([
    ['COMMIT', 'is refused'],
    ['ROLLBACK', 'works'],
  ])('S99 waits for what is securing the account at this moment, and after its %s %s', async (end, outcome) => {
    const token = await newLink();
    const securing = await db.owner.connect();
    await securing.query('BEGIN');
    await securing.query('SELECT directory.raise_moment($1)', [tomas]);
    const using = use(token).then(
      () => 'works',
      ({ code }) => (code === 'link_unusable' ? 'is refused' : code),
    );
    await expect.poll(() => db.waitingForLocks(), { interval: 20 }).toBeGreaterThan(0);
    await securing.query(end);
    securing.release();
    expect(await using).toBe(outcome);
  });

  it('S17 is refused once it has expired, whether or not anything cleans up', async () => {
    const token = await newLink(-1);
    expect(await findLink(provider, token)).toBeUndefined();
    await expect(use(token)).rejects.toMatchObject({ code: 'link_unusable' });
  });

  it('survives looking at it, and a password that is refused', async () => {
    const token = await newLink();
    expect(await findLink(provider, token)).toMatchObject({ login: 'tomas.reyes', purpose: 'reset' });
    await expect(use(token, 'tomas.reyes.tomas.reyes')).rejects.toMatchObject({ code: 'password_refused' });
    expect(await use(token)).toEqual({ personId: tomas });
  });

  it('S90 is not in the database', async () => {
    const token = await newLink();
    const { rows } = await db.owner.query('SELECT l::text AS row FROM credentials.one_time_link l');
    expect(rows).toHaveLength(1);
    expect(rows[0].row).not.toContain(token);
  });
});

describe('S45 the first administrator', () => {
  const nadia = { login: 'Nadia.Berg', givenName: 'Nadia', familyName: 'Berg', email: 'Nadia.Berg@harbour.example' };

  it('is refused while somebody administers', async () => {
    await expect(createFirstAdministrator(db.owner, nadia)).rejects.toMatchObject({ code: 'administrator_exists' });
  });

  it('sets their password by the link and may open the console', async () => {
    await db.owner.query(
      `UPDATE directory.person SET status = 'disabled' WHERE id IN
         (SELECT person_id FROM directory.effective_role WHERE client_id = 'console' AND role = 'administrator')`,
    );
    const token = await createFirstAdministrator(db.owner, nadia);
    expect(await findLink(provider, token)).toMatchObject({ login: 'nadia.berg', name: 'Nadia Berg' });
    const { personId } = await use(token);
    const { rows } = await db.owner.query('SELECT role FROM directory.effective_role WHERE person_id = $1', [personId]);
    expect(rows).toContainEqual({ role: 'administrator' });
    await expect(createFirstAdministrator(db.owner, nadia)).rejects.toMatchObject({ code: 'administrator_exists' });
  });
});
