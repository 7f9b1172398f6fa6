import { endSessions, type Receipt, type SessionSelector } from '@gatehouse/accounts';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Logger } from '@gatehouse/web';
import type { Request, Response } from 'express';
import type Provider from 'oidc-provider';
import type { Pool, PoolClient } from 'pg';
import { clientSummary } from '../clients/summary.ts';
import { forgetBrowserSession } from './browser-session.ts';
import type { EndSessionRequest } from './request.ts';

/**
 * Something of an organisation's own that is done when a person signs out: once, before the session is gone. One that
 * throws is logged and keeps nobody signed in. The session's row is held meanwhile, so it should be quick.
 */
export type SignOutHook = (signOut: { personId: string; sessionUid: string }) => Promise<void> | void;

export interface EndSessionDeps {
  provider: Provider;
  pool: Pool;
  signOutHooks: readonly SignOutHook[];
  log: Logger;
}

/** Ends the session with all that hangs on it, and takes its cookie from this browser. */
export async function endAsPerson(
  { provider, pool, signOutHooks, log }: EndSessionDeps,
  req: Request,
  res: Response,
  which: SessionSelector,
  personId: string | undefined,
): Promise<Receipt> {
  const receipt = await inTransaction(pool, async (tx) => {
    if (signOutHooks.length > 0) await runHooks(tx, which, signOutHooks, log);
    return endSessions(tx, which, {
      reason: 'signed_out',
      actorPersonId: personId,
      address: req.ip,
      requestId: String(req.id),
    });
  });
  forgetBrowserSession(provider, req, res);
  return receipt;
}

/** For the session if it still lives. Whoever signs out of it at the same time waits, and then finds it ended. */
async function runHooks(
  tx: PoolClient,
  which: SessionSelector,
  hooks: readonly SignOutHook[],
  log: Logger,
): Promise<void> {
  const { rows } = await tx.query<{ personId: string; sessionUid: string }>(
    `SELECT account_id AS "personId", uid AS "sessionUid" FROM protocol.state
     WHERE model = 'Session' AND account_id IS NOT NULL AND ended_at IS NULL AND uid = coalesce($1,
       (SELECT session_uid FROM app_sessions.sign_in WHERE client_id = $2 AND sid = $3))
     FOR UPDATE`,
    'sid' in which ? [null, which.clientId, which.sid] : ['sessionUid' in which ? which.sessionUid : null, null, null],
  );
  const [session] = rows;
  if (!session) return;
  for (const hook of hooks) {
    try {
      await hook(session);
    } catch (err) {
      log.error({ err, sessionUid: session.sessionUid }, 'a hook at sign-out failed');
    }
  }
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
