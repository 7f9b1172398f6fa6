import { rolesOf } from '@gatehouse/directory';
import type { Logger } from '@gatehouse/web';
import type { Pool } from 'pg';
import manifest from '../../manifest.ts';
import type { HumanResources, Manager } from '../human-resources/human-resources.ts';

/** Who decides on a claim, and why it is not the manager where it is nobody by name. */
export type Approver = { approverId: string } | { approverId: null; because: 'no_manager' | 'unknown_manager' };

/**
 * The claimant's manager, as Human Resources knows them. Where there is none, where they cannot open this app or where
 * Human Resources cannot be asked, any approver decides: a claim is never lost because another app is down.
 *
 * @param accessToken gives the claimant's access token for Human Resources' API; may throw
 */
export async function findApprover(
  { humanResources, pool, log }: { humanResources: HumanResources; pool: Pool; log: Logger },
  claimantId: string,
  accessToken: () => string,
): Promise<Approver> {
  let manager: Manager | undefined;
  try {
    manager = await humanResources.managerOf(claimantId, accessToken());
  } catch (err) {
    log.warn({ err }, 'Human Resources did not say who manages the claimant');
    return { approverId: null, because: 'unknown_manager' };
  }
  const roles = manager ? await rolesOf(pool, manager.personId, manifest.clientId) : [];
  return manager && roles.length > 0 ? { approverId: manager.personId } : { approverId: null, because: 'no_manager' };
}
