import { expect } from 'vitest';
import type { RunningProvider } from './start-provider.ts';

/**
 * As if this many seconds had gone by since the person proved who they are; a negative number takes them back. They
 * have been seen since, at the sign-in, which is written after its answer.
 */
export async function letTimePass({ db }: RunningProvider, login: string, seconds: number): Promise<void> {
  const personId = await db.personId(login);
  const unseen = `SELECT FROM protocol.state s WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL
                  AND NOT EXISTS (SELECT FROM protocol.session_origin o WHERE o.session_uid = s.uid)`;
  await expect.poll(async () => (await db.owner.query(unseen, [personId])).rowCount).toBe(0);
  await db.owner.query(
    `UPDATE protocol.state
     SET payload = jsonb_set(payload, '{loginTs}', to_jsonb((payload->>'loginTs')::bigint - $2::bigint))
     WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL`,
    [personId, seconds],
  );
}
