import type { PoolClient } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Database } from '../transaction.ts';

/** Somebody has proved who they are. It counts for as long as nothing secures the account anew. */
export interface Proof {
  personId: string;
  /** How (RFC 8176). */
  amr: string[];
  /** The person's moment as the credential was read: every act that secures the account raises it. */
  moment: number;
  /** When the first factor was shown, in seconds since the epoch, by the database's clock. */
  provedAt: number;
}

/** The part of a statement on `directory.person p` that a proof is made from, read together with the credential. */
export const proofColumns = `p.id AS "personId", p.moment, floor(extract(epoch FROM now()))::int AS "provedAt"`;

/** Who changes something of their own account, and their moment as the session in which they do was read. */
export type AccountOwner = Pick<Proof, 'personId' | 'moment'>;

/**
 * Locks somebody's password and person. From here to the end of the transaction nothing else secures the account, so
 * what is read of its moment holds. The password comes before its person, in the order in which every change of a
 * password takes the two.
 */
export async function lockPerson(tx: PoolClient, personId: string): Promise<void> {
  await tx.query('SELECT FROM credentials.password WHERE person_id = $1 FOR UPDATE', [personId]);
  await tx.query('SELECT FROM directory.person WHERE id = $1 FOR NO KEY UPDATE', [personId]);
}

/**
 * Locks somebody who changes their own account, for whom what their session stands on has to count still.
 * @throws {AccountsError} `secured_meanwhile`
 */
export async function lockOwner(tx: PoolClient, { personId, moment }: AccountOwner): Promise<void> {
  await lockPerson(tx, personId);
  const { rowCount } = await tx.query(
    `SELECT FROM directory.person WHERE id = $1 AND moment = $2 AND status = 'active'`,
    [personId, moment],
  );
  if (rowCount === 0) throw new AccountsError('secured_meanwhile', 'Something has secured the account since');
}

/** An act that secures the account and changes no credential: what is under way from before counts no longer. */
export async function raiseMoment(db: Database, personIds: readonly string[]): Promise<void> {
  await db.query('SELECT directory.raise_moment(id) FROM unnest($1::uuid[]) AS id ORDER BY id', [personIds]);
}
