import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { HttpError } from './http-error.ts';
import type { Allow } from './routes/route-manifest.ts';
import { errorTexts } from './texts.ts';

export interface CsrfOptions {
  /** Secret that signs the tokens, at least 32 random bytes in any encoding. */
  key: string;
  /**
   * What a token is bound to, e.g. the `sid` of the app session or the uid of an interaction.
   * `undefined` while the request carries no authority that a forged form could borrow: signed out.
   */
  bindingOf: (req: Request) => string | undefined;
  /** Paths that only servers call, such as a back-channel logout receiver. Exact match. */
  exempt?: readonly string[];
}

type State = { verdict: 'checked' | 'exempt' | 'unbound' } | { verdict: 'deferred'; check: () => void };

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const states = new WeakMap<Request, State>();

/**
 * Refuses forged requests of unsafe methods in two ways: by where the browser says they come from, and by a token
 * in the form (`_csrf`) or header (`X-CSRF-Token`) that is signed for this session. Views find it as `csrfToken`.
 *
 * Mount after the session and `formBody()`, and after the routes that ask for a bearer token, which no browser sends by
 * itself: what is exempt follows from the route, never from what the request says.
 *
 * The token of a multipart form can only be read once the form is parsed: `mountRoutes` checks it right before the
 * handler, `checkCsrf(req)` does so earlier, and `settleCsrf` for what is no declared route.
 *
 * @throws HttpError 403 `cross_site_request`, `csrf_token_wrong`
 */
export function csrf({ key, bindingOf, exempt = [] }: CsrfOptions): RequestHandler {
  return (req, res, next) => {
    offerToken(res, () => {
      const binding = bindingOf(req);
      return binding === undefined ? '' : createToken(key, binding);
    });
    if (!SAFE_METHODS.has(req.method)) states.set(req, judge(req));
    next();
  };

  function judge(req: Request): State {
    if (exempt.includes(req.path)) return { verdict: 'exempt' };
    refuseCrossSite(req);
    const binding = bindingOf(req);
    if (binding === undefined) return { verdict: 'unbound' };
    const check = () => {
      if (!isValid(key, binding, tokenOf(req))) throw tokenWrong();
    };
    if (req.is('multipart/form-data')) return { verdict: 'deferred', check };
    check();
    return { verdict: 'checked' };
  }
}

/**
 * Checks the token of a multipart form that has been parsed by now. Does nothing for a request already checked.
 * @throws HttpError 403 `csrf_token_wrong`
 */
export function checkCsrf(req: Request): void {
  const state = states.get(req);
  if (state?.verdict !== 'deferred') return;
  state.check();
  states.set(req, { verdict: 'checked' });
}

/** Stands before handlers that parse no multipart form: to them such a form is one without a token. */
export const settleCsrf: RequestHandler = (req, _res, next) => {
  checkCsrf(req);
  next();
};

/** The last stop before a declared handler: an unsafe request passes only when `csrf` has approved of it. */
export function requireCsrf(allow: Allow): RequestHandler {
  const byBearerToken = typeof allow === 'object' && 'scope' in allow;
  return (req, _res, next) => {
    if (!SAFE_METHODS.has(req.method) && !byBearerToken) {
      checkCsrf(req);
      const verdict = states.get(req)?.verdict;
      if (verdict !== 'checked' && verdict !== 'exempt') throw tokenWrong();
    }
    next();
  };
}

/** Sibling apps are "same-site" but not ours: only our own origin may post to us. */
function refuseCrossSite(req: Request): void {
  const site = req.get('sec-fetch-site');
  const origin = req.get('origin');
  const ours =
    site === undefined
      ? origin === undefined || hostOf(origin) === req.get('host')
      : site === 'same-origin' || site === 'none';
  if (ours) return;
  throw new HttpError(403, 'cross_site_request', errorTexts.cross_site_request, {
    detail: `sec-fetch-site ${site}, origin ${origin}`,
  });
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : undefined);

/** Computed when a view asks for it; most answers render no form. */
function offerToken(res: Response, create: () => string): void {
  Object.defineProperty(res.locals, 'csrfToken', { get: create, enumerable: true, configurable: true });
}

/** The nonce makes each token differ, so that compressed pages do not leak it (BREACH). */
function createToken(key: string, binding: string): string {
  const nonce = randomBytes(12).toString('base64url');
  return `${nonce}.${sign(key, binding, nonce)}`;
}

function isValid(key: string, binding: string, token: string): boolean {
  const [nonce = '', signature = ''] = token.split('.', 2);
  const given = Buffer.from(signature);
  const expected = Buffer.from(sign(key, binding, nonce));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const sign = (key: string, binding: string, nonce: string) =>
  createHmac('sha256', key).update(`csrf\n${nonce}\n${binding}`).digest('base64url');

function tokenOf(req: Request): string {
  const inForm: unknown = (req.body as Record<string, unknown> | undefined)?._csrf;
  return req.get('x-csrf-token') ?? (typeof inForm === 'string' ? inForm : '');
}

const tokenWrong = () => new HttpError(403, 'csrf_token_wrong', errorTexts.csrf_token_wrong);
