import type { Pool } from 'pg';
import type { TestSignIn } from '../provider/index.ts';

/** Writes a sign-in down, as the identity provider does before it issues a code. */
export async function writeSignIn(owner: Pool, { sessionUid, clientId, sid, personId }: TestSignIn): Promise<void> {
  await owner.query(
    `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
     VALUES ($1, $2, $3, 'test', $4, now() + interval '12 hours')`,
    [sessionUid, clientId, sid, personId],
  );
}

/** Ends sign-ins, as the identity provider does at sign-out. */
export async function endSignIns(owner: Pool, signIns: readonly Pick<TestSignIn, 'sessionUid'>[]): Promise<void> {
  await owner.query(
    `UPDATE app_sessions.sign_in SET ended_at = now(), end_reason = 'test' WHERE session_uid = ANY ($1) AND ended_at IS NULL`,
    [signIns.map(({ sessionUid }) => sessionUid)],
  );
}
