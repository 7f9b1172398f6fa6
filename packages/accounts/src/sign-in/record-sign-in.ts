import { record } from '@gatehouse/audit';
import type { Pool } from 'pg';
import type { Origin } from '../origin.ts';

export interface CompletedSignIn extends Origin {
  personId: string;
  /** How they proved who they are (RFC 8176). */
  amr: readonly string[];
  /** The browser in words, such as "Firefox on Windows". */
  device?: string | undefined;
}

/** Records a sign-in once nothing is owed any more. */
export async function recordSignIn(pool: Pool, { personId, amr, device, ...origin }: CompletedSignIn): Promise<void> {
  const who = { actorPersonId: personId, subjectPersonId: personId };
  await record(pool, { ...origin, ...who, type: 'sign_in.succeeded', detail: { amr, device } });
}
