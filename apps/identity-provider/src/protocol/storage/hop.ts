/**
 * The SQL of a hop. With the two statements of the app, a signed-in person crosses to another app in six:
 *
 * - GET /auth    `findSession` session, person, access, sign-ins · `issueCode` sign-in, grant, code, audit
 * - POST /token  `findCode` code, grant, session, person · `redeemCode` code, access token, audit
 */
import type { AdapterPayload } from 'oidc-provider';
import type { Pool } from 'pg';
import { IDLE_SECONDS } from '../lifetimes.ts';
import { idHash } from './payload.ts';
import type { Access } from './request-unit.ts';

type Authorizations = NonNullable<AdapterPayload['authorizations']>;

interface SessionRow {
  session: AdapterPayload;
  /** The live sign-ins of the session: where its person is, and the grant for each. */
  authorizations: Authorizations | null;
}

interface AccessRow extends Omit<Access, 'personId' | 'clientId'> {
  personId: string | null;
}

const authorizationsOf = (session: string) => `
  (SELECT jsonb_object_agg(i.client_id, jsonb_build_object('sid', i.sid, 'grantId', i.grant_id))
   FROM app_sessions.sign_in i WHERE i.session_uid = ${session}.uid AND i.ended_at IS NULL) AS authorizations`;

/** @param device the SHA-256 of the token by which the browser may be remembered */
const accessTo = (clientId: string, device: string) => `
  p.id AS "personId", coalesce(p.status = 'active', false) AS active,
  EXISTS (SELECT FROM directory.openable_app o WHERE o.person_id = p.id AND o.client_id = ${clientId}) AS "mayOpen",
  p.id IS NOT NULL AND directory.needs_second_factor(p.id, ${clientId}) AS "secondFactorRequired",
  EXISTS (SELECT FROM credentials.remembered_device d
          WHERE d.token_hash = ${device} AND d.person_id = p.id AND d.moment = p.moment AND d.expires_at > now()) AS "deviceRemembered"`;

/**
 * When a person was last seen: at the sign-in, at a page of the provider, where an app let them in, or at its pages.
 */
const lastSeenIn = (session: string) => `
  greatest(to_timestamp((${session}.payload->>'loginTs')::bigint),
    (SELECT o.last_used_at FROM protocol.session_origin o WHERE o.session_uid = ${session}.uid),
    (SELECT max(greatest(i.last_used_at, (SELECT max(a.last_seen_at) FROM app_sessions.session a
                                          WHERE a.client_id = i.client_id AND a.sid = i.sid)))
     FROM app_sessions.sign_in i WHERE i.session_uid = ${session}.uid))`;

/**
 * The live session with this id, and what its person may do with the client that asks. Nobody is found in a session
 * that was left alone for too long.
 */
export async function findSession(pool: Pool, id: string, clientId: string | undefined, device: Buffer | undefined) {
  const { rows } = await pool.query<SessionRow & AccessRow>({
    name: 'hop.find_session',
    text: `SELECT s.payload AS session, ${authorizationsOf('s')}, ${accessTo('$2', '$3')}
           FROM protocol.state s
           LEFT JOIN directory.person p ON p.id = s.account_id::uuid
           WHERE s.model = 'Session' AND s.id_hash = $1 AND s.ended_at IS NULL
             AND (s.account_id IS NULL OR ${lastSeenIn('s')} > now() - make_interval(secs => $4))`,
    values: [idHash(id), clientId ?? null, device ?? null, IDLE_SECONDS],
  });
  return rows[0];
}

export async function findSessionByUid(pool: Pool, uid: string) {
  const { rows } = await pool.query<SessionRow>({
    name: 'session.find_by_uid',
    text: `SELECT s.payload AS session, ${authorizationsOf('s')}
           FROM protocol.state s WHERE s.model = 'Session' AND s.uid = $1 AND s.ended_at IS NULL`,
    values: [uid],
  });
  return rows[0];
}

export async function findAccess(pool: Pool, personId: string, clientId: string, device: Buffer | undefined) {
  const { rows } = await pool.query<AccessRow>({
    name: 'access.find',
    text: `SELECT ${accessTo('$2', '$3')} FROM directory.person p WHERE p.id = $1`,
    values: [personId, clientId, device ?? null],
  });
  return rows[0];
}

/** Somebody signs in to a client within a provider session. */
export interface SignInToStart {
  sessionUid: string;
  personId: string;
  clientId: string;
  sid: string;
  grantId: string;
  grant: AdapterPayload | undefined;
  /** Seconds since the epoch. */
  sessionExpiry: number;
  /** The session has seen a second factor, or the device is remembered. */
  secondFactor: boolean;
  address: string | undefined;
  requestId: string | undefined;
}

/**
 * The session's row is held (`FOR SHARE`) while its sign-in is written, so that ending the session either sees the
 * sign-in or prevents it. There is one sign-in, with one `sid` and one grant, per session and client: whoever comes
 * second takes those of the first, so that parallel tabs do not invalidate each other's codes. Takes $1 to $10.
 */
const startingSignIn = `
  WITH session AS (
    SELECT uid FROM protocol.state
    WHERE model = 'Session' AND uid = $1 AND account_id = $2 AND ended_at IS NULL
    FOR SHARE
  ), sign_in AS (
    INSERT INTO app_sessions.sign_in AS s (session_uid, client_id, sid, grant_id, person_id, expires_at, second_factor)
    SELECT uid, $3, $4, $5, $2::uuid, to_timestamp($7), $10 FROM session
    ON CONFLICT (session_uid, client_id) DO UPDATE SET
      sid = CASE WHEN s.ended_at IS NULL THEN s.sid ELSE EXCLUDED.sid END,
      grant_id = CASE WHEN s.ended_at IS NULL THEN s.grant_id ELSE EXCLUDED.grant_id END,
      started_at = CASE WHEN s.ended_at IS NULL THEN s.started_at ELSE now() END,
      last_used_at = now(), expires_at = EXCLUDED.expires_at, second_factor = EXCLUDED.second_factor, ended_at = NULL, end_reason = NULL
    RETURNING s.sid, s.grant_id
  ), the_grant AS (
    INSERT INTO protocol.state (model, id_hash, grant_id, session_uid, account_id, client_id, payload, expires_at)
    SELECT 'Grant', sha256(convert_to(grant_id, 'UTF8')), grant_id, $1, $2, $3, $6::jsonb, to_timestamp($7)
    FROM sign_in WHERE $6::jsonb IS NOT NULL
    ON CONFLICT (model, id_hash) DO UPDATE SET payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at
  ), event AS (
    INSERT INTO audit.event (type, actor_person_id, subject_person_id, client_id, session_uid, address, request_id)
    SELECT 'authorization.granted', $2::uuid, $2::uuid, $3, $1, $8, $9 FROM sign_in
  )`;

const signInValues = (signIn: SignInToStart) => [
  signIn.sessionUid,
  signIn.personId,
  signIn.clientId,
  signIn.sid,
  signIn.grantId,
  signIn.grant ? JSON.stringify(signIn.grant) : null,
  signIn.sessionExpiry,
  signIn.address ?? null,
  signIn.requestId ?? null,
  signIn.secondFactor,
];

/** The `sid` and the grant of the sign-in; `undefined` if the session has ended. */
export async function startSignIn(
  pool: Pool,
  signIn: SignInToStart,
): Promise<{ sid: string; grantId: string } | undefined> {
  const { rows } = await pool.query<{ sid: string; grantId: string }>({
    name: 'sign_in.start',
    text: `${startingSignIn} SELECT sid, grant_id AS "grantId" FROM sign_in`,
    values: signInValues(signIn),
  });
  return rows[0];
}

export interface CodeToIssue extends SignInToStart {
  id: string;
  payload: AdapterPayload;
  codeExpiry: number;
}

/**
 * Issues a code together with all that it rests on, or nothing if the session has ended.
 *
 * @returns whether the code was issued
 */
export async function issueCode(pool: Pool, code: CodeToIssue): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'hop.issue_code',
    text: `${startingSignIn}, code AS (
        INSERT INTO protocol.state (model, id_hash, grant_id, session_uid, account_id, client_id, payload, expires_at)
        SELECT 'AuthorizationCode', $11, grant_id, $1, $2, $3,
               $12::jsonb || jsonb_build_object('grantId', grant_id, 'sid', sid), to_timestamp($13)
        FROM sign_in
      )
      SELECT FROM sign_in`,
    values: [...signInValues(code), idHash(code.id), JSON.stringify(code.payload), code.codeExpiry],
  });
  return rowCount === 1;
}

interface CodeRow {
  code: AdapterPayload;
  consumedAt: Date | null;
  grant: AdapterPayload | null;
  session: AdapterPayload | null;
  authorizations: Authorizations | null;
  active: boolean;
}

/** A code, used or not, with all that its redemption will ask for. */
export async function findCode(pool: Pool, id: string): Promise<CodeRow | undefined> {
  const { rows } = await pool.query<CodeRow>({
    name: 'hop.find_code',
    text: `SELECT c.payload AS code, c.consumed_at AS "consumedAt", g.payload AS grant, s.payload AS session,
                  ${authorizationsOf('s')}, coalesce(p.status = 'active', false) AS active
           FROM protocol.state c
           LEFT JOIN protocol.state g ON g.model = 'Grant' AND g.id_hash = sha256(convert_to(c.grant_id, 'UTF8'))
           LEFT JOIN protocol.state s ON s.model = 'Session' AND s.uid = c.session_uid AND s.ended_at IS NULL
           LEFT JOIN directory.person p ON p.id = c.account_id::uuid
           WHERE c.model = 'AuthorizationCode' AND c.id_hash = $1`,
    values: [idHash(id)],
  });
  return rows[0];
}

export interface Redemption {
  codeId: string;
  requestId: string | undefined;
  /** The access token to store with it, as a row of `protocol.state`; absent where it is a JWT, which is not stored. */
  token?: unknown[];
}

const useUp = `
  WITH code AS (
    UPDATE protocol.state SET consumed_at = now()
    WHERE model = 'AuthorizationCode' AND id_hash = $1 AND consumed_at IS NULL
    RETURNING account_id::uuid AS person_id, client_id, session_uid
  ), event AS (
    INSERT INTO audit.event (type, subject_person_id, client_id, session_uid, request_id)
    SELECT 'grant.issued', person_id, client_id, session_uid, $2 FROM code
  )`;

/**
 * Uses a code up, stores the access token that it was redeemed for, and records it. Of any number at once exactly one
 * succeeds.
 *
 * @returns whether this was the one
 */
export async function redeemCode(pool: Pool, { codeId, requestId, token }: Redemption): Promise<boolean> {
  const values = [idHash(codeId), requestId ?? null];
  const { rowCount } = await pool.query(
    token
      ? {
          name: 'hop.redeem_code',
          text: `${useUp}, token AS (
                   INSERT INTO protocol.state
                     (model, id_hash, grant_id, session_uid, account_id, client_id, payload, expires_at)
                   SELECT $3, $4, $5, $6, $7, $8, $9::jsonb, to_timestamp($10) FROM code
                 ) SELECT FROM code`,
          values: [...values, ...token],
        }
      : { name: 'code.redeem', text: `${useUp} SELECT FROM code`, values },
  );
  return rowCount === 1;
}
