import type { PoolClient } from 'pg';

export interface EndedSignIn {
  sessionUid: string;
  clientId: string;
  grantId: string;
  personId: string;
  expiresAt: Date;
}

/** What became of one app when sessions were ended. */
export interface ReceiptLine {
  clientId: string;
  title: string;
  /** `ended`: out already. `pending`: the app runs elsewhere and is being told. */
  state: 'ended' | 'pending';
  /** For a pending app, when its session is over even if it cannot be reached. */
  by?: Date;
}

export type Receipt = ReceiptLine[];

/** One line per app, in the launcher's order. */
export async function readReceipt(tx: PoolClient, signIns: EndedSignIn[]): Promise<Receipt> {
  const { rows } = await tx.query<{ clientId: string; title: string; sharesDatabase: boolean }>(
    `SELECT a.client_id AS "clientId", a.title, r.shares_database AS "sharesDatabase"
     FROM directory.app a JOIN protocol.client_registration r USING (client_id)
     WHERE a.client_id = ANY($1) ORDER BY a.position, a.title`,
    [signIns.map((signIn) => signIn.clientId)],
  );
  return rows.map(({ clientId, title, sharesDatabase }) =>
    sharesDatabase
      ? { clientId, title, state: 'ended' }
      : { clientId, title, state: 'pending', by: lastExpiry(signIns, clientId) },
  );
}

const lastExpiry = (signIns: EndedSignIn[], clientId: string): Date =>
  new Date(Math.max(...signIns.filter((signIn) => signIn.clientId === clientId).map(({ expiresAt }) => +expiresAt)));
