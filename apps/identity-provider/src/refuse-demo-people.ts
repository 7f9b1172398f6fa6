import type { Pool } from 'pg';

export class DemoPeopleError extends Error {
  override name = 'DemoPeopleError';
  readonly code = 'demo_people_in_production';
}

/**
 * The people of the local seed have passwords that are printed at every start, so production does not run with them.
 *
 * @throws {DemoPeopleError} when there is one
 */
export async function refuseDemoPeople(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ login: string }>('SELECT login FROM directory.person WHERE demo LIMIT 1');
  if (rows[0]) {
    throw new DemoPeopleError(
      `The database holds demo people (${rows[0].login}), whose passwords everybody knows. Start with an empty one.`,
    );
  }
}
