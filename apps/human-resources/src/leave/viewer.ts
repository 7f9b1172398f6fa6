import { reportsOf } from '@gatehouse/directory';
import type { Request } from 'express';
import type { Pool } from 'pg';
import type { Viewer } from './leave.ts';

/** Who sends a request, with what they may see and decide today. Only for routes behind a guard. */
export async function loadViewer(req: Request, pool: Pool): Promise<Viewer> {
  const { person, roles } = req.auth!;
  return {
    personId: person.id,
    officer: roles.includes('officer'),
    auditor: roles.includes('auditor'),
    reports: new Set(await reportsOf(pool, person.id)),
  };
}
