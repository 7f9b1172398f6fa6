import { findOrganisation } from '@gatehouse/directory';
import type { Pool } from 'pg';

/** The day it is where the organisation is. */
export async function loadToday(pool: Pool): Promise<Temporal.PlainDate> {
  return Temporal.PlainDate.from((await findOrganisation(pool)).today);
}
