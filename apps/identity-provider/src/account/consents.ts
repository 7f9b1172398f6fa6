import { revokeConsent } from '@gatehouse/clients';
import type { RequestHandler } from 'express';
import { refusal } from '../languages/refusal.ts';
import { type AccountDependencies, originOf, ownerOf } from './dependencies.ts';

/** Takes back what an app of others was let have: its tokens end at once, and it has to ask again. */
export function revokeOwnConsent({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const clientId = String((req.body as { client?: unknown } | undefined)?.client);
    const revoked = await revokeConsent(pool, { personId: ownerOf(req).person.id, clientId, ...originOf(req) });
    if (!revoked) throw refusal(404, 'consent_unknown');
    res.redirect(303, '/account?done=consent-revoked');
  };
}
