import { endSessions, type Receipt, type SessionSelector } from '@gatehouse/accounts';
import type { Request, Response } from 'express';
import type Provider from 'oidc-provider';
import type { Pool } from 'pg';
import { clientSummary } from '../clients/summary.ts';
import { forgetBrowserSession } from './browser-session.ts';
import type { EndSessionRequest } from './request.ts';

export interface EndSessionDeps {
  provider: Provider;
  pool: Pool;
}

/** Ends the session with all that hangs on it, and takes its cookie from this browser. */
export async function endAsPerson(
  { provider, pool }: EndSessionDeps,
  req: Request,
  res: Response,
  which: SessionSelector,
  personId: string | undefined,
): Promise<Receipt> {
  const receipt = await endSessions(pool, which, {
    reason: 'signed_out',
    actorPersonId: personId,
    address: req.ip,
    requestId: String(req.id),
  });
  forgetBrowserSession(provider, req, res);
  return receipt;
}

/**
 * An app elsewhere gets the person back at once, as the standard says. After signing out of an app of ours they would
 * only meet the sign-in form there, so they see the receipt, with the way back on it.
 */
export function answerSignedOut(
  { provider }: EndSessionDeps,
  res: Response,
  { client, returnTo }: Pick<EndSessionRequest, 'client' | 'returnTo'>,
  receipt: Receipt,
): void {
  const straightBack = returnTo && (client?.first_party !== true || returnTo.startsWith(`${provider.issuer}/`));
  if (straightBack) res.redirect(303, returnTo);
  else res.render('protocol/end-session/receipt', { receipt, client: client && clientSummary(client), returnTo });
}
