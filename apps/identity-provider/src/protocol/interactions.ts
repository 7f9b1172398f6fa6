import type { Proof } from '@gatehouse/accounts';
import type { Request, Response } from 'express';
import type Provider from 'oidc-provider';
import { errors, type InteractionResults } from 'oidc-provider';
import { type Acr, acrAskedOf, acrOf } from './authentication-context.ts';
import { claims } from './claims.ts';
import { apisOf, type Client, type ClientSummary, clientSummary } from './clients/summary.ts';
import { browserSession } from './end-session/browser-session.ts';
import { browserSecretOf, isOfBrowser } from './interaction-browser.ts';
import { wantedQuery } from './wanted-page.ts';

/**
 * Why the authorization request stopped for a person:
 * - `login`: they have to sign in (nobody is, they must again, their account is gone or disabled, or more is needed than
 *   they have shown)
 * - `select_account`: the app asked that they choose who to be
 * - `access`: they are signed in, but nothing lets them open this app
 * - `consent`: the app asks for more than was granted
 */
export type PromptName = 'login' | 'select_account' | 'access' | 'consent';

/** An authorization request that waits for a person. */
export interface Interaction {
  uid: string;
  /** Local path of its page; its steps are below. */
  path: string;
  /** What belongs behind each of these paths: it says what was wanted, see `wantedQuery`. */
  query: string;
  /** Follows from what the browser that began it holds; what is derived from this works in no other browser. */
  browser: string;
  prompt: PromptName;
  /** Stable names of the checks that failed, e.g. `no_session`, `account_inactive`, `second_factor_required`. */
  reasons: readonly string[];
  client: ClientSummary;
  /** What the app believes the person will type. Not verified. */
  loginHint: string | undefined;
  /** The languages that the app wishes for, in order of preference (OpenID Connect Core 1.0 section 3.1.2.1). */
  uiLocales: string | undefined;
  /** Who is signed in at the provider in this browser. */
  signedInPersonId: string | undefined;
  /** How strong a sign-in the app asks for; `undefined` where any will do. */
  acrAsked: Acr | undefined;
  asks: AskedFor;
  /** The host to which the answer goes; `undefined` where that is an app on the person's own machine, or none. */
  answersTo: string | undefined;
}

/** What the app asks the person to let it have. */
export interface AskedFor {
  /** Of OpenID Connect, such as `email`. */
  scopes: string[];
  /** Of other apps' APIs, by audience. */
  apiScopes: Record<string, string[]>;
}

export type InteractionErrorCode = 'interaction_not_found';

/** The interaction is over, expired, or belongs to another browser: the person has to start again at the app. */
export class InteractionError extends Error {
  override name = 'InteractionError';
  readonly code: InteractionErrorCode = 'interaction_not_found';
}

/**
 * What a form of the interaction in the path is bound to: the value that the browser which began it holds.
 *
 * @throws {InteractionError} when this browser holds none
 */
export function interactionBrowser(provider: Provider, req: Request): string {
  const secret = browserSecretOf(provider, req, String(req.params.uid));
  if (secret === undefined) throw notHere();
  return secret;
}

/**
 * The interaction that this browser began and the `uid` in the path names; where it began with somebody signed in,
 * their session is still this browser's.
 *
 * @throws {InteractionError} otherwise
 */
export async function interactionOf(provider: Provider, req: Request, res: Response): Promise<Interaction> {
  const details = await loadDetails(provider, req, res);
  const client = await provider.Client.find(String(details.params.client_id));
  if (!client) throw new InteractionError('The client of this interaction is gone');
  const { login_hint: loginHint, ui_locales: uiLocales } = details.params;
  return {
    uid: details.uid,
    path: `/interaction/${details.uid}`,
    query: wantedQuery(details, provider.issuer),
    browser: String(details.browser),
    prompt: details.prompt.name as PromptName,
    reasons: details.prompt.reasons,
    client: clientSummary(client),
    loginHint: typeof loginHint === 'string' ? loginHint : undefined,
    uiLocales: typeof uiLocales === 'string' ? uiLocales : undefined,
    signedInPersonId: details.session?.accountId,
    acrAsked: acrAskedOf(client, details.params.acr_values),
    asks: askedFor(client, provider.issuer, details.params),
    answersTo: hostOf(details.params.redirect_uri),
  };
}

function askedFor(client: Client, issuer: string, { scope, resource }: Record<string, unknown>): AskedFor {
  const asked = String(scope ?? '').split(' ');
  const apis = apisOf(client, issuer);
  const audiences = [resource ?? []].flat().map(String);
  const ofApi = (audience: string) => (apis[audience] ?? []).filter((each) => asked.includes(each));
  return {
    scopes: asked.filter((each) => each in claims || each === 'offline_access'),
    apiScopes: Object.fromEntries(audiences.map((audience) => [audience, ofApi(audience)])),
  };
}

function hostOf(uri: unknown): string | undefined {
  return /^https?:/.test(String(uri)) ? new URL(String(uri)).host : undefined;
}

/**
 * Resumes the authorization request with this person signed in: as of when they proved it, and only while that counts.
 * What it amounts to, `acr`, follows from its `amr`. Answers with a 303 redirect. When somebody else is signed in in
 * this browser, their provider session is ended first.
 */
export async function finishSignIn(
  provider: Provider,
  req: Request,
  res: Response,
  { personId, amr, moment, provedAt }: Proof,
): Promise<void> {
  await finish(provider, req, res, {
    login: { accountId: personId, amr: [...amr], acr: acrOf(amr), ts: provedAt, moment, remember: false },
  });
}

/** Resumes with the person who is signed in: the answer to `select_account` and `consent`. */
export async function finishContinue(provider: Provider, req: Request, res: Response): Promise<void> {
  await finish(provider, req, res, {});
}

/** Sends the person back to the app with an OAuth error (RFC 6749 section 4.1.2.1), `access_denied` by default. */
export async function finishRefused(
  provider: Provider,
  req: Request,
  res: Response,
  { error = 'access_denied', description }: { error?: string; description: string },
): Promise<void> {
  await resume(provider, req, res, () => ({ error, error_description: description }));
}

/**
 * A prompt counts as answered once the result names it; without that `select_account` would ask for ever. Only a
 * person's authentication answers `login`.
 */
async function finish(provider: Provider, req: Request, res: Response, result: InteractionResults): Promise<void> {
  await resume(provider, req, res, (prompt) => ({ ...(prompt === 'login' ? {} : { [prompt]: {} }), ...result }));
}

async function resume(
  provider: Provider,
  req: Request,
  res: Response,
  resultFor: (prompt: string) => InteractionResults,
): Promise<void> {
  const details = await loadDetails(provider, req, res);
  const returnTo = await provider.interactionResult(req, res, resultFor(details.prompt.name));
  res.redirect(303, returnTo + wantedQuery(details, provider.issuer));
}

async function loadDetails(provider: Provider, req: Request, res: Response) {
  try {
    const details = await provider.interactionDetails(req, res);
    const isHere = details.uid === req.params.uid && isOfBrowser(provider, req, details);
    if (isHere && (await isOfSession(provider, req, res, details.session?.uid))) return details;
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
  }
  throw notHere();
}

async function isOfSession(provider: Provider, req: Request, res: Response, uid: string | undefined): Promise<boolean> {
  return uid === undefined || (await browserSession(provider, req, res)).uid === uid;
}

const notHere = () => new InteractionError('No interaction of this browser has this id');
