import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditOf, poolOf, registerAppElsewhere, remains, startSession } from '../../testing/fixtures.ts';
import { endSessions } from './end-sessions.ts';
import { listEndedSignIns, listSessions } from './list-sessions.ts';

let db: TestDatabase;
let provider: Pool;
let tomas: string;
let grace: string;
beforeAll(async () => {
  db = await createTestDatabase();
  provider = poolOf(db, 'identity-provider');
  tomas = await db.personId('tomas.reyes');
  grace = await db.personId('grace.lindqvist');
  await registerAppElsewhere(db.owner, 'library');
});
afterAll(async () => {
  await provider.end();
  await db.close();
});

const everything = { sessions: 1, signIns: 2, tokens: 4 };
const nothing = { sessions: 0, signIns: 0, tokens: 0 };
const signedOut = { reason: 'signed_out' as const };

describe('ending sessions', () => {
  it('S56 ends the provider session, every app session and every token at once, and says so app by app', async () => {
    const session = await startSession(db.owner, tomas, ['finance', 'console']);
    expect(await remains(db.owner, session)).toEqual(everything);
    const receipt = await endSessions(provider, { sessionUid: session.sessionUid }, signedOut);
    expect(receipt).toEqual([
      { clientId: 'finance', title: 'Finance', state: 'ended' },
      { clientId: 'console', title: 'Console', state: 'ended' },
    ]);
    expect(await remains(db.owner, session)).toEqual(nothing);
  });

  it('leaves the sessions of other browsers and other people alone', async () => {
    const [ended, otherBrowser, otherPerson] = [
      await startSession(db.owner, tomas, ['finance', 'console']),
      await startSession(db.owner, tomas, ['finance', 'console']),
      await startSession(db.owner, grace, ['finance', 'console']),
    ];
    await endSessions(provider, { sessionUid: ended.sessionUid }, signedOut);
    expect(await remains(db.owner, ended)).toEqual(nothing);
    expect(await remains(db.owner, otherBrowser)).toEqual(everything);
    expect(await remains(db.owner, otherPerson)).toEqual(everything);
  });

  it('spares the one that it is told to spare', async () => {
    const [ended, spared] = [
      await startSession(db.owner, tomas, ['finance', 'console']),
      await startSession(db.owner, tomas, ['finance', 'console']),
    ];
    await endSessions(provider, { personId: tomas, except: spared.sessionUid }, signedOut);
    expect(await remains(db.owner, ended)).toEqual(nothing);
    expect(await remains(db.owner, spared)).toEqual(everything);
  });

  it("finds the session behind an app's sid, and all sessions of a person", async () => {
    const first = await startSession(db.owner, grace, ['finance', 'console']);
    const second = await startSession(db.owner, grace, ['finance', 'console']);
    await endSessions(provider, { clientId: 'finance', sid: first.sids.finance ?? '' }, signedOut);
    expect(await remains(db.owner, first)).toEqual(nothing);
    expect(await remains(db.owner, second)).toEqual(everything);
    await endSessions(provider, { personId: grace }, signedOut);
    expect(await remains(db.owner, second)).toEqual(nothing);
    expect(await endSessions(provider, { clientId: 'finance', sid: 'unknown' }, signedOut)).toEqual([]);
  });

  it('S58 queues one delivery for each app elsewhere, and names it as pending until its session would end', async () => {
    const session = await startSession(db.owner, tomas, ['finance', 'library']);
    const receipt = await endSessions(provider, { sessionUid: session.sessionUid }, signedOut);
    expect(receipt).toEqual([
      { clientId: 'finance', title: 'Finance', state: 'ended' },
      { clientId: 'library', title: 'Library', state: 'pending', by: expect.any(Date) },
    ]);
    const { rows } = await db.owner.query('SELECT * FROM protocol.logout_delivery WHERE session_uid = $1', [
      session.sessionUid,
    ]);
    expect(rows).toMatchObject([{ client_id: 'library', sid: session.sids.library, person_id: tomas, attempts: 0 }]);
  });

  it('S59 queues it also for a sign-in that somebody ends by hand, once', async () => {
    const session = await startSession(db.owner, tomas, ['finance', 'library']);
    const queued = async () =>
      (await db.owner.query('SELECT FROM protocol.logout_delivery WHERE session_uid = $1', [session.sessionUid]))
        .rowCount;
    const endAll = 'UPDATE app_sessions.sign_in SET ended_at = now() WHERE session_uid = $1 AND ended_at IS NULL';
    await db.owner.query(endAll, [session.sessionUid]);
    expect(await queued()).toBe(1);
    await db.owner.query(endAll, [session.sessionUid]);
    expect(await queued()).toBe(1);
  });

  it('changes nothing the second time, also in parallel', async () => {
    const session = await startSession(db.owner, tomas, ['finance', 'library']);
    const receipts = await Promise.all(
      Array.from({ length: 10 }, () => endSessions(provider, { sessionUid: session.sessionUid }, signedOut)),
    );
    expect(receipts.filter((receipt) => receipt.length > 0)).toHaveLength(1);
    const { rowCount } = await db.owner.query('SELECT FROM protocol.logout_delivery WHERE session_uid = $1', [
      session.sessionUid,
    ]);
    expect(rowCount).toBe(1);
  });

  it('waits for a sign-in that is being added and ends it too', async () => {
    const session = await startSession(db.owner, tomas, ['finance']);
    const adding = await provider.connect();
    await adding.query('BEGIN');
    await adding.query(
      `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
       SELECT uid, 'console', 'late', 'late', $2, now() + interval '1 hour'
       FROM protocol.state WHERE model = 'Session' AND uid = $1 AND ended_at IS NULL FOR SHARE`,
      [session.sessionUid, tomas],
    );
    const ending = endSessions(provider, { sessionUid: session.sessionUid }, signedOut);
    await adding.query('COMMIT');
    adding.release();
    expect((await ending).map(({ clientId }) => clientId)).toEqual(['finance', 'console']);
    expect(await remains(db.owner, session)).toEqual(nothing);
  });

  it('S74 works with the rights of the console, under the name of who did it', async () => {
    const console = poolOf(db, 'console');
    const noor = await db.personId('noor.haddad');
    await startSession(db.owner, noor, ['console']);
    const session = await startSession(db.owner, tomas, ['finance', 'library']);
    await endSessions(
      console,
      { sessionUid: session.sessionUid },
      { reason: 'ended_by_administrator', actorPersonId: noor, clientId: 'console' },
    );
    expect(await remains(db.owner, session)).toEqual(nothing);
    expect((await auditOf(db.owner, tomas)).at(-1)).toEqual({
      type: 'session.ended',
      detail: { reason: 'ended_by_administrator', apps: expect.arrayContaining(['finance', 'library']) },
    });
    await console.end();
  });
});

it('lists the live sessions of a person, and what became of the apps in ended ones', async () => {
  const dev = await db.personId('dev.patel');
  const ended = await startSession(db.owner, dev, ['finance', 'library']);
  const live = await startSession(db.owner, dev, ['finance', 'console']);
  await endSessions(provider, { sessionUid: ended.sessionUid }, signedOut);
  await db.owner.query('INSERT INTO protocol.session_origin (session_uid, device, address) VALUES ($1, $2, $3)', [
    live.sessionUid,
    'Firefox on Windows',
    '203.0.113.7',
  ]);
  expect(await listSessions(provider, dev)).toEqual([
    {
      sessionUid: live.sessionUid,
      apps: ['Finance', 'Console'],
      startedAt: expect.any(Date),
      lastSeenAt: expect.any(Date),
      expiresAt: expect.any(Date),
      device: 'Firefox on Windows',
      address: '203.0.113.7',
    },
  ]);
  const became = async () => (await listEndedSignIns(provider, dev)).map(({ title, state }) => ({ title, state }));
  expect(await became()).toEqual([
    { title: 'Finance', state: 'ended' },
    { title: 'Library', state: 'pending' },
  ]);
  await db.owner.query('UPDATE protocol.logout_delivery SET delivered_at = now() WHERE session_uid = $1', [
    ended.sessionUid,
  ]);
  expect(await became()).toContainEqual({ title: 'Library', state: 'told' });
});
