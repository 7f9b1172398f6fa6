import { record } from '@gatehouse/audit';
import type { PoolClient } from 'pg';
import type { Origin } from '../origin.ts';
import { raiseMoment } from '../sign-in/proof.ts';
import { type Database, inTransaction } from '../transaction.ts';
import { type EndedSignIn, type Receipt, readReceipt } from './receipt.ts';

/**
 * Which provider sessions: all of a person's, perhaps except the one with this `uid`; one by its `uid`; or the one
 * behind an app's `sid`.
 */
export type SessionSelector =
  | { personId: string; except?: string | undefined }
  | { sessionUid: string }
  | { clientId: string; sid: string };

export type EndReason =
  | 'signed_out'
  | 'ended_elsewhere'
  | 'factors_removed'
  | 'ended_by_administrator'
  | 'person_disabled'
  | 'password_changed';

export interface Ending extends Origin {
  reason: EndReason;
  /** Who ended them. */
  actorPersonId?: string | undefined;
}

/**
 * Ends provider sessions and everything that hangs on them, in one transaction: a tombstone on the session that no
 * late write revives, every app session on this database at once, tokens, codes and grants. For each app elsewhere the
 * database queues a delivery that tells it (OpenID Connect Back-Channel Logout 1.0). Ending what has ended changes
 * nothing.
 *
 * Whoever ends sessions from elsewhere secures the account, so what is under way from before counts no longer; signing
 * out does not.
 *
 * The session row is locked before its sign-ins are read, so whoever adds a sign-in has to hold that row too
 * (`FOR SHARE`, with `ended_at IS NULL`): then none slips in between.
 *
 * @returns app by app, whether the person is out already or the app still has to be told
 */
export function endSessions(db: Database, which: SessionSelector, ending: Ending): Promise<Receipt> {
  return inTransaction(db, async (tx) => {
    if (ending.reason !== 'signed_out') await raiseMoment(tx, await peopleOf(tx, which));
    const uids = await sessionUids(tx, which);
    if (uids.length === 0) return [];
    const buried = await buryProviderSessions(tx, uids);
    const signIns = await endSignIns(tx, uids, ending.reason);
    await deleteTokens(tx, uids, signIns);
    await recordEndings(tx, buried, signIns, ending);
    return readReceipt(tx, signIns);
  });
}

async function peopleOf(tx: PoolClient, which: SessionSelector): Promise<string[]> {
  if ('personId' in which) return [which.personId];
  const [one, other] = 'sessionUid' in which ? [which.sessionUid, null] : [which.sid, which.clientId];
  const { rows } = await tx.query<{ personId: string }>(
    `SELECT account_id AS "personId" FROM protocol.state
     WHERE model = 'Session' AND uid = $1 AND $2::text IS NULL AND account_id IS NOT NULL
     UNION
     SELECT person_id::text FROM app_sessions.sign_in WHERE client_id = $2 AND sid = $1`,
    [one, other],
  );
  return rows.map((row) => row.personId);
}

async function sessionUids(tx: PoolClient, which: SessionSelector): Promise<string[]> {
  if ('sessionUid' in which) return [which.sessionUid];
  const { rows } =
    'personId' in which
      ? await tx.query<{ uid: string }>(
          `SELECT uid FROM protocol.state
           WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL AND uid <> $2
           UNION
           SELECT session_uid FROM app_sessions.sign_in
           WHERE person_id = $1::uuid AND ended_at IS NULL AND session_uid <> $2`,
          [which.personId, which.except ?? ''],
        )
      : await tx.query<{ uid: string }>(
          'SELECT session_uid AS uid FROM app_sessions.sign_in WHERE client_id = $1 AND sid = $2',
          [which.clientId, which.sid],
        );
  return rows.map((row) => row.uid);
}

interface BuriedSession {
  sessionUid: string;
  personId: string | null;
}

async function buryProviderSessions(tx: PoolClient, uids: string[]): Promise<BuriedSession[]> {
  const { rows } = await tx.query<BuriedSession>(
    `UPDATE protocol.state SET ended_at = now()
     WHERE model = 'Session' AND uid = ANY($1) AND ended_at IS NULL
     RETURNING uid AS "sessionUid", account_id AS "personId"`,
    [uids],
  );
  return rows;
}

async function endSignIns(tx: PoolClient, uids: string[], reason: EndReason): Promise<EndedSignIn[]> {
  const { rows } = await tx.query<EndedSignIn>(
    `UPDATE app_sessions.sign_in SET ended_at = now(), end_reason = $2
     WHERE session_uid = ANY($1) AND ended_at IS NULL
     RETURNING session_uid AS "sessionUid", client_id AS "clientId", grant_id AS "grantId",
               person_id AS "personId", expires_at AS "expiresAt"`,
    [uids, reason],
  );
  return rows;
}

async function deleteTokens(tx: PoolClient, uids: string[], signIns: EndedSignIn[]): Promise<void> {
  await tx.query('SELECT protocol.delete_tokens($1, $2)', [uids, signIns.map((signIn) => signIn.grantId)]);
}

async function recordEndings(
  tx: PoolClient,
  buried: BuriedSession[],
  signIns: EndedSignIn[],
  { reason, ...who }: Ending,
): Promise<void> {
  const ended = Map.groupBy([...buried, ...signIns], ({ sessionUid }) => sessionUid);
  for (const [sessionUid, [session]] of ended) {
    const apps = signIns.filter((signIn) => signIn.sessionUid === sessionUid).map(({ clientId }) => clientId);
    const subjectPersonId = session?.personId ?? undefined;
    await record(tx, { ...who, type: 'session.ended', subjectPersonId, sessionUid, detail: { reason, apps } });
  }
}
