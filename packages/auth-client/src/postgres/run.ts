import type { Pool, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { AuthClientError } from '../errors.ts';

const lostConnections = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE']);

/**
 * Runs one statement.
 *
 * @throws {AuthClientError} `store_unavailable` when the database cannot be reached, so that nobody is taken for signed
 * out, or let in, because of that
 */
export async function run<Row extends QueryResultRow>(pool: Pool, statement: QueryConfig): Promise<QueryResult<Row>> {
  try {
    return await pool.query<Row>(statement);
  } catch (cause) {
    if (!isUnavailable(cause as Error & { code?: string })) throw cause;
    throw new AuthClientError('store_unavailable', { cause, retryAfter: 5 });
  }
}

/**
 * Lost connections, SQLSTATE classes 08 (connection), 53 (resources) and 57P (shutdown), a wait that was given up
 * (57014, 55P03), and the pool's own words.
 */
function isUnavailable({ code = '', message }: Error & { code?: string }): boolean {
  return (
    lostConnections.has(code) ||
    /^(08|53|57P|57014|55P03)/.test(code) ||
    /timeout exceeded when trying to connect|connection terminated/i.test(message)
  );
}
