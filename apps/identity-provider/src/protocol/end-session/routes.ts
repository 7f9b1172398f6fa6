import { timingSafeEqual } from 'node:crypto';
import type { SessionSelector } from '@gatehouse/accounts';
import { randomToken } from '@gatehouse/encryption';
import { infrastructure, leadTo, storable } from '@gatehouse/web';
import { type Request, type RequestHandler, type Response, Router, urlencoded } from 'express';
import { refusal } from '../../languages/refusal.ts';
import { clientSummary } from '../clients/summary.ts';
import { browserSession, type ProviderSession } from './browser-session.ts';
import { answerSignedOut, type EndSessionDeps, endAsPerson } from './ending.ts';
import { keepRequest, keptRequest } from './kept-request.ts';
import { type EndSessionRequest, readEndSessionRequest } from './request.ts';

/** What the confirmation page keeps in the provider session; the names are the library's, which uses it as well. */
interface PendingSignOut {
  secret?: string;
  clientId?: string | undefined;
  postLogoutRedirectUri?: string | undefined;
}

/**
 * RP-initiated logout in place of the library's: one transaction ends the session, every app session and every token,
 * and the person sees what became of each app (OpenID Connect RP-Initiated Logout 1.0).
 *
 * An app that shows the ID token of this very session has asked the person already, so nothing is asked again. In all
 * other cases nothing ends without the form of the confirmation page.
 */
export function createEndSessionRouter(deps: EndSessionDeps): Router {
  const router = Router();
  router.get('/session/end', start(deps));
  router.post('/session/end', storable(urlencoded({ extended: false, limit: '16kb' })), startByPost(deps));
  router.get('/session/end/confirm', leadTo('/session/end'));
  router.post('/session/end/confirm', urlencoded({ extended: false, limit: '4kb' }), confirm(deps));
  return infrastructure(router);
}

function start(deps: EndSessionDeps): RequestHandler {
  return async (req, res) => {
    if ('id_token_hint' in req.query) return onCleanAddress(deps, req.query, req, res);
    const isBare = Object.keys(req.query).every((name) => name === 'ui_locales');
    const request = isBare
      ? await keptRequest(deps.provider, req, res)
      : await readEndSessionRequest(deps.provider, req.query);
    const session = await browserSession(deps.provider, req, res);
    const which = provenSession(request, session);
    if (!which && session.accountId) return askFirst(res, request, session);
    const receipt = which ? await endAsPerson(deps, req, res, which, request.hint?.sub) : [];
    answerSignedOut(deps, res, request, receipt);
  };
}

/**
 * The same request by POST (section 2). From another site a browser sends Lax cookies along only with GET, so the
 * answer is a GET.
 */
function startByPost(deps: EndSessionDeps): RequestHandler {
  return (req, res) => onCleanAddress(deps, req.body ?? {}, req, res);
}

/** An ID token in the address would stay in the history of the browser, and in what is copied from its address bar. */
async function onCleanAddress(
  { provider }: EndSessionDeps,
  asked: Record<string, unknown>,
  req: Request,
  res: Response,
) {
  keepRequest(provider, req, res, await readEndSessionRequest(provider, asked));
  const { ui_locales } = asked;
  const query = typeof ui_locales === 'string' ? `?${new URLSearchParams({ ui_locales })}` : '';
  res.redirect(303, req.path + query);
}

/**
 * The session that the request itself proves to be meant: a first-party app holds the ID token of this browser's
 * session, or of one whose cookie this browser has lost.
 */
function provenSession({ client, hint }: EndSessionRequest, session: ProviderSession): SessionSelector | undefined {
  if (!client || !hint?.sid || client.first_party !== true) return undefined;
  if (!session.accountId) return { clientId: client.clientId, sid: hint.sid };
  const isThisOne = hint.sub === session.accountId && hint.sid === session.sidFor(client.clientId);
  return isThisOne ? { sessionUid: session.uid } : undefined;
}

async function askFirst(res: Response, request: EndSessionRequest, session: ProviderSession): Promise<void> {
  const { client, returnTo } = request;
  const secret = randomToken();
  session.state = { secret, clientId: client?.clientId, postLogoutRedirectUri: returnTo } satisfies PendingSignOut;
  await session.persist();
  res.render('protocol/end-session/confirm', { secret, client: client && clientSummary(client) });
}

/** Also answers the form that the library posts by itself when somebody else signs in in this browser. */
function confirm(deps: EndSessionDeps): RequestHandler {
  return async (req, res) => {
    const session = await browserSession(deps.provider, req, res);
    if (!session.accountId) return answerSignedOut(deps, res, { client: undefined, returnTo: undefined }, []);
    const pending = session.state as PendingSignOut | undefined;
    if (!matches(pending?.secret, req.body?.xsrf)) throw refusal(403, 'sign_out_not_confirmed');
    const client = pending?.clientId ? await deps.provider.Client.find(pending.clientId) : undefined;
    const receipt = await endAsPerson(deps, req, res, { sessionUid: session.uid }, session.accountId);
    answerSignedOut(deps, res, { client, returnTo: pending?.postLogoutRedirectUri }, receipt);
  };
}

function matches(secret: string | undefined, given: unknown): boolean {
  if (secret === undefined || typeof given !== 'string') return false;
  const [expected, actual] = [Buffer.from(secret), Buffer.from(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
