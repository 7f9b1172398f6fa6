import type { Pool } from 'pg';
import type { TokenInQuestion } from '../bearer.ts';
import { run } from './run.ts';

/** Asks the user database whether a token still counts: the `isLive` of `bearer`. */
export function tokenCounts(pool: Pool): (token: TokenInQuestion) => Promise<boolean> {
  return async ({ clientId, sid, personId, audience, scope }) => {
    const { rows } = await run<{ counts: boolean }>(pool, {
      name: 'token-counts',
      text: 'SELECT app_sessions.token_counts($1, $2, $3, $4, $5) AS counts',
      values: [clientId, sid, personId, audience, scope],
    });
    return rows[0]?.counts === true;
  };
}
