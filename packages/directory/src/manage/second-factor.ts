import { record } from '@gatehouse/audit';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool } from 'pg';
import type { Change } from './change.ts';

export interface SecondFactorDecision {
  /** The app that it is about. */
  app: string;
  /** Only whoever has this role; everybody who may open the app by default. */
  role?: string | undefined;
  required: boolean;
}

/**
 * Decides whether an app, or a role in it, needs a second factor. That goes before what the manifest says, until both
 * say the same. It takes hold at the next request, also for people who are signed in.
 *
 * @throws {RangeError} where there is no such app or role
 */
export async function decideSecondFactor(
  db: Pool,
  { app, role, required }: SecondFactorDecision,
  change: Change = {},
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rowCount } =
      role === undefined
        ? await tx.query(
            'UPDATE directory.app SET second_factor_decided = nullif($2, second_factor) WHERE client_id = $1',
            [app, required],
          )
        : await tx.query(
            `UPDATE directory.app_role SET second_factor_decided = nullif($2, second_factor)
             WHERE client_id = $1 AND role = $3`,
            [app, required, role],
          );
    if (rowCount === 0) throw new RangeError(`There is no ${role ? `role ${role} in ` : ''}${app}`);
    await record(tx, { type: 'second_factor.decided', ...change, detail: { app, role, required } });
  });
}
