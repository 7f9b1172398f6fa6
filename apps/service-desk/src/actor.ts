import type { Request } from 'express';
import type { Role } from './deps.ts';

/** Someone at the service desk: asking for help, giving it, or looking on. */
export interface Actor {
  personId: string;
  requester: boolean;
  agent: boolean;
  auditor: boolean;
}

/** Who sends a request, with the roles they have now. Only for routes behind a guard. */
export function actorOf(req: Request): Actor {
  const { person, roles } = req.auth!;
  const has = (role: Role) => roles.includes(role);
  return { personId: person.id, requester: has('requester'), agent: has('agent'), auditor: has('auditor') };
}
