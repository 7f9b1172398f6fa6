import { randomToken } from '@gatehouse/encryption';
import { connect, type Database } from '@gatehouse/prisma';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrantAdapter } from './grant-adapter.ts';
import { RefreshTokenAdapter } from './refresh-token-adapter.ts';
import { SessionAdapter } from './session-adapter.ts';
import { InteractionAdapter, ReplayAdapter } from './single-use-adapters.ts';
import { StateAdapter } from './state-adapter.ts';

let db: TestDatabase;
let provider: Database;
let twin: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  provider = connect(db.urlFor('identity-provider'), { applicationName: 'one' });
  twin = connect(db.urlFor('identity-provider'), { applicationName: 'two' });
});
afterAll(async () => {
  await Promise.all([provider.close(), twin.close()]);
  await db.close();
});

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;
const token = (changes = {}) => ({ kind: 'DeviceCode', exp: inAnHour(), clientId: 'finance', ...changes });

describe('state of any model', () => {
  it('is found by model and id, and holds the id nowhere', async () => {
    const codes = new StateAdapter('DeviceCode', provider.pool);
    const id = randomToken();
    await codes.upsert(id, { ...token(), jti: id }, 3600);
    expect(await codes.find(id)).toEqual({ ...token({ exp: expect.any(Number) }), jti: id });
    expect(await new StateAdapter('AccessToken', provider.pool).find(id)).toBeUndefined();
    const { rows } = await db.owner.query('SELECT s::text AS row FROM protocol.state s');
    expect(JSON.stringify(rows)).not.toContain(id);
  });

  it('S11 is consumed once of any number at a time, on two instances, and stays consumed', async () => {
    const [here, there] = [new StateAdapter('DeviceCode', provider.pool), new StateAdapter('DeviceCode', twin.pool)];
    const id = randomToken();
    await here.upsert(id, token(), 3600);
    const attempts = Array.from({ length: 40 }, (_, index) => (index % 2 ? here : there).consume(id));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await here.upsert(id, token(), 3600);
    expect(await there.find(id)).toMatchObject({ consumed: expect.any(Number) });
    await expect(there.consume(id)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is refused with the error that fits the model', async () => {
    const requests = new StateAdapter('PushedAuthorizationRequest', provider.pool);
    await expect(requests.consume('unknown')).rejects.toMatchObject({ error: 'invalid_request_uri' });
  });

  it('is destroyed as often as one likes', async () => {
    const codes = new StateAdapter('DeviceCode', provider.pool);
    const id = randomToken();
    await codes.upsert(id, token(), 3600);
    await codes.destroy(id);
    await codes.destroy(id);
    expect(await codes.find(id)).toBeUndefined();
  });
});

describe('a grant', () => {
  it('S14 takes all that hangs on it along, of every model, in batches', async () => {
    const grantId = randomToken(16);
    await db.owner.query(
      `INSERT INTO protocol.state (model, id_hash, grant_id, payload, expires_at)
       SELECT (ARRAY['AccessToken', 'RefreshToken'])[1 + n % 2], sha256(n::text::bytea), $1, '{}', now() + interval '1 hour'
       FROM generate_series(1, 1300) n`,
      [grantId],
    );
    await new GrantAdapter(provider.pool, { metadataOf: async () => undefined }).upsert(
      grantId,
      { kind: 'Grant', exp: inAnHour() },
      3600,
    );
    const tokens = new StateAdapter('AccessToken', provider.pool);
    await Promise.all([
      tokens.revokeByGrantId(grantId),
      new StateAdapter('RefreshToken', twin.pool).revokeByGrantId(grantId),
    ]);
    const { rows } = await db.owner.query('SELECT model FROM protocol.state WHERE grant_id = $1', [grantId]);
    expect(rows).toEqual([{ model: 'Grant' }]);
    await tokens.revokeByGrantId(grantId);
  });
});

describe('S14 revoking that is interrupted', () => {
  it('leaves nothing usable, and goes on where it was when it is repeated', async () => {
    const grantId = randomToken(16);
    await db.owner.query(
      `INSERT INTO protocol.state (model, id_hash, grant_id, payload, expires_at)
       SELECT 'AccessToken', sha256(('interrupted ' || n)::bytea), $1, '{}', now() + interval '1 hour'
       FROM generate_series(1, 1200) n`,
      [grantId],
    );
    const left = async () =>
      (await db.owner.query('SELECT FROM protocol.state WHERE grant_id = $1', [grantId])).rowCount;
    let batches = 0;
    const breaking = Object.assign(Object.create(provider.pool), {
      async query(statement: unknown) {
        batches += 1;
        if (batches === 2) throw new Error('Connection terminated unexpectedly');
        return Reflect.apply(provider.pool.query, provider.pool, [statement]);
      },
    });
    await expect(new StateAdapter('AccessToken', breaking).revokeByGrantId(grantId)).rejects.toThrow('terminated');
    expect(await left()).toBe(700);
    await new StateAdapter('AccessToken', provider.pool).revokeByGrantId(grantId);
    expect(await left()).toBe(0);
  });

  it('finds what hangs on a grant by an index, however many tokens there are', async () => {
    const owner = await db.owner.connect();
    await owner.query('BEGIN; SET LOCAL enable_seqscan = off');
    const { rows } = await owner.query(
      `EXPLAIN SELECT model, id_hash FROM protocol.state WHERE grant_id = 'g' AND model <> 'Grant' LIMIT 500`,
    );
    await owner.query('ROLLBACK');
    owner.release();
    expect(JSON.stringify(rows)).toContain('state_grant_id');
  });
});

describe('a refresh token', () => {
  it('S15 C59 that was used moments ago counts as unused; later it is recognised as consumed', async () => {
    const tokens = new RefreshTokenAdapter(provider.pool);
    const id = randomToken();
    await tokens.upsert(id, token({ kind: 'RefreshToken' }), 3600);
    await tokens.consume(id);
    expect(await tokens.find(id)).not.toHaveProperty('consumed');
    await tokens.consume(id);
    await db.owner.query(
      `UPDATE protocol.state SET consumed_at = now() - interval '11 seconds' WHERE model = 'RefreshToken'`,
    );
    expect(await tokens.find(id)).toMatchObject({ consumed: expect.any(Number) });
    await expect(tokens.consume(id)).rejects.toThrow();
  });
});

describe('a client assertion', () => {
  it('S16 is taken once of two at the same time', async () => {
    const id = randomToken();
    const replays = [new ReplayAdapter(provider.pool), new ReplayAdapter(twin.pool)];
    const outcomes = await Promise.allSettled(
      replays.map((replay) => replay.upsert(id, { kind: 'ReplayDetection', exp: inAnHour() }, 3600)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('an interaction', () => {
  it('S26 is taken once, and keeps neither its own id nor that of the session', async () => {
    const interactions = new InteractionAdapter(provider.pool);
    const [id, cookie] = [randomToken(), randomToken()];
    const payload = {
      kind: 'Interaction',
      exp: inAnHour(),
      returnTo: `http://localhost:4000/auth/${id}`,
      session: { uid: 'u', cookie },
    };
    await interactions.upsert(id, payload, 3600);
    const { rows } = await db.owner.query(`SELECT s::text AS row FROM protocol.state s WHERE model = 'Interaction'`);
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${id}|${cookie}`));
    expect(await interactions.find(id)).toMatchObject({ jti: id, returnTo: payload.returnTo, session: { uid: 'u' } });
    await interactions.destroy(id);
    await expect(interactions.destroy(id)).rejects.toMatchObject({ name: 'SessionNotFound' });
  });
});

describe('a session', () => {
  const session = (uid: string) => ({ kind: 'Session', uid, exp: inAnHour(), loginTs: 1 });

  it('has one row whatever its id; the old id is dead once it is replaced', async () => {
    const sessions = new SessionAdapter(provider.pool);
    const [uid, first, second] = [randomToken(), randomToken(), randomToken()];
    await sessions.upsert(first, session(uid), 3600);
    await sessions.destroy();
    await sessions.upsert(second, session(uid), 3600);
    expect(await sessions.find(first)).toBeUndefined();
    expect(await sessions.find(second)).toMatchObject({ uid, jti: second });
    expect(await rowsOf(uid)).toBe(1);
  });

  it('is made once by parallel requests, on two instances', async () => {
    const uid = randomToken();
    const attempts = Array.from({ length: 20 }, (_, index) =>
      new SessionAdapter(index % 2 ? provider.pool : twin.pool).upsert(randomToken(), session(uid), 3600),
    );
    await Promise.all(attempts);
    expect(await rowsOf(uid)).toBe(1);
  });

  it('stays ended, whoever saves it late', async () => {
    const sessions = new SessionAdapter(provider.pool);
    const [uid, id] = [randomToken(), randomToken()];
    await sessions.upsert(id, session(uid), 3600);
    await db.owner.query('UPDATE protocol.state SET ended_at = now() WHERE uid = $1', [uid]);
    await sessions.upsert(id, session(uid), 3600);
    await sessions.upsert(randomToken(), session(uid), 3600);
    expect(await sessions.find(id)).toBeUndefined();
    expect(await sessions.findByUid(uid)).toBeUndefined();
  });

  async function rowsOf(uid: string): Promise<number> {
    const { rows } = await db.owner.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM protocol.state WHERE uid = $1',
      [uid],
    );
    return rows[0]?.count ?? 0;
  }
});
