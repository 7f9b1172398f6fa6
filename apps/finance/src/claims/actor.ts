import type { Request } from 'express';
import type { Role } from '../deps.ts';
import type { Actor } from './claim.ts';

/** Who sends a request, with the roles they have now. Only for routes behind a guard. */
export function actorOf(req: Request): Actor {
  const { person, roles } = req.auth!;
  const has = (role: Role) => roles.includes(role);
  return {
    personId: person.id,
    claimant: has('claimant'),
    approver: has('approver'),
    clerk: has('clerk'),
    auditor: has('auditor'),
  };
}
