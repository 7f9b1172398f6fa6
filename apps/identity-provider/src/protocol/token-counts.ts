import type { Pool } from 'pg';

/** A token that the provider has issued, as far as it says. */
export interface IssuedToken {
  clientId?: string | undefined;
  accountId?: string | undefined;
  /** The `uid` of the provider session, or the `sid` that stands in the token. */
  session?: string | undefined;
  /** Of an API of ours, with the scope that is asked about. */
  audience?: string | undefined;
  scope?: string | undefined;
}

/**
 * Whether a token of a person still counts, however long it would have lived: the one answer for userinfo, refreshing,
 * introspection and our own API, and the same that the APIs of other apps get.
 */
export async function tokenCounts(pool: Pool, token: IssuedToken): Promise<boolean> {
  const { rows } = await pool.query<{ counts: boolean }>({
    name: 'token.counts',
    text: 'SELECT app_sessions.token_counts($1, $2, $3, $4, $5) AS counts',
    values: [token.clientId, token.session, token.accountId, token.audience, token.scope],
  });
  return rows[0]?.counts === true;
}
