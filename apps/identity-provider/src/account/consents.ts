import { revokeConsent } from '@gatehouse/clients';
import { HttpError } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { type AccountDependencies, originOf, ownerOf } from './dependencies.ts';

/** Takes back what an app of others was let have: its tokens end at once, and it has to ask again. */
export function revokeOwnConsent({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const clientId = String((req.body as { client?: unknown } | undefined)?.client);
    const revoked = await revokeConsent(pool, { personId: ownerOf(req).person.id, clientId, ...originOf(req) });
    if (!revoked) throw new HttpError(404, 'consent_unknown', 'That app may have nothing of yours any more.');
    res.redirect(303, '/account?done=consent-revoked');
  };
}
