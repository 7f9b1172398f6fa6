import type { Pool } from 'pg';
import { run } from './run.ts';

/** Whether a person's sign-in at another app still lives and they are active: the `isLive` of `bearer`. */
export function signInIsLive(pool: Pool): (clientId: string, sid: string, personId: string) => Promise<boolean> {
  return async (clientId, sid, personId) => {
    const { rows } = await run<{ live: boolean }>(pool, {
      name: 'sign-in-is-live',
      text: 'SELECT app_sessions.sign_in_is_live($1, $2, $3) AS live',
      values: [clientId, sid, personId],
    });
    return rows[0]?.live === true;
  };
}
