import { randomUUID } from 'node:crypto';
import { type RunningRelyingParty, startRelyingParty } from '@gatehouse/test-kit/relying-party';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../testing.ts';

let rp: RunningRelyingParty;
let tomas: string;
const sid = randomUUID();

beforeAll(async () => {
  rp = await startRelyingParty(relyingParty);
  tomas = await rp.db.personId('tomas.reyes');
  await rp.db.owner.query(
    `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
     VALUES ($1, 'finance', $2, 'test', $3, now() + interval '1 hour')`,
    [randomUUID(), sid, tomas],
  );
});

afterAll(() => rp?.close());

/** Asks as Finance does on behalf of Tomas, but for what `claims` change. */
async function askFor(person: string, claims: Record<string, unknown> = {}) {
  const right = {
    sub: tomas,
    aud: `${rp.url}/api`,
    client_id: 'finance',
    sid,
    scope: 'manager:read',
    jti: randomUUID(),
  };
  const token = await rp.provider.accessToken({ ...right, ...claims });
  return fetch(`${rp.url}/api/people/${person}/manager`, { headers: { authorization: `Bearer ${token}` } });
}

describe("the API for a person's manager", () => {
  it('answers Finance on behalf of a person', async () => {
    const answer = await askFor(tomas);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      person_id: tomas,
      manager: {
        person_id: await rp.db.personId('grace.lindqvist'),
        name: 'Grace Lindqvist',
        email: 'grace.lindqvist@harbour.example',
      },
    });
  });

  it('says null at the top of the line', async () => {
    expect(await (await askFor(await rp.db.personId('eleanor.vance'))).json()).toMatchObject({ manager: null });
  });

  it('does not know whom nobody knows', async () => {
    expect((await askFor(randomUUID())).status).toBe(404);
    expect((await askFor('tomas.reyes')).status).toBe(404);
  });

  it.each([
    ['another audience', { aud: 'http://localhost:9/api' }, 401],
    ['another scope', { scope: 'openid' }, 403],
    ['an expired token', { exp: 1 }, 401],
    ['a sign-in that nobody knows', { sid: 'another' }, 401],
    ['another person than signed in', { sub: randomUUID() }, 401],
  ])('refuses %s', async (_, claims, status) => {
    expect((await askFor(tomas, claims)).status).toBe(status);
  });

  it('refuses once the sign-in at Finance has ended, or the person is disabled', async () => {
    await rp.db.owner.query(`UPDATE directory.person SET status = 'disabled' WHERE id = $1`, [tomas]);
    expect((await askFor(tomas)).status).toBe(401);
    await rp.db.owner.query(`UPDATE directory.person SET status = 'active' WHERE id = $1`, [tomas]);
    expect((await askFor(tomas)).status).toBe(200);
    await rp.db.owner.query('UPDATE app_sessions.sign_in SET ended_at = now() WHERE sid = $1', [sid]);
    expect((await askFor(tomas)).status).toBe(401);
  });

  it('is not for browsers', async () => {
    const answer = await fetch(`${rp.url}/api/people/${tomas}/manager`);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer/)]);
  });
});
