import type { Pool, PoolClient } from 'pg';

export interface Organisation {
  name: string;
  /** IANA name: times are shown in this zone, and its midnight begins a day. */
  timeZone: string;
  /** The day it is there, as YYYY-MM-DD. */
  today: string;
}

/** @throws where the user database has no organisation yet */
export async function findOrganisation(db: Pool | PoolClient): Promise<Organisation> {
  const { rows } = await db.query<Organisation>(
    `SELECT name, time_zone AS "timeZone", directory.today()::text AS today FROM directory.organisation`,
  );
  if (!rows[0]) throw new Error('The user database has no organisation yet');
  return rows[0];
}
