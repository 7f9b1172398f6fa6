import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { HttpError } from './http-error.ts';
import type { Logger } from './log.ts';
import { errorTexts, type LookText, lookTexts } from './texts.ts';
import { wantsPage } from './wants-page.ts';

/** The fields by which `errorHandler` decides; `HttpError` has them all, errors of other packages may. */
interface Refusal {
  status: number;
  code: string;
  publicText: string;
  neededRoles?: readonly string[];
  /** Local path that signs the person in and brings them back. */
  loginUrl?: string | undefined;
  headers?: Readonly<Record<string, string>>;
}

const FAILURE: Refusal = { status: 500, code: 'server_error', publicText: errorTexts.server_error };

/** What of the locals of views the error page goes by. */
interface ErrorLocals {
  t: LookText;
  /** What a person is told of an error in their own language; without it they get the error's own text. */
  errorText?: (code: string) => string | undefined;
}

/** The end of the road for paths that no route knows. */
export function notFound(): RequestHandler {
  return () => {
    throw new HttpError(404, 'not_found', errorTexts.not_found);
  };
}

/**
 * The one place where errors become answers: a page for a person, `{ error, error_description }` for a script, in
 * English. What an error says about our inside goes to the log under the same reference that the person sees.
 */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const refusal = refusalOf(error);
    record(req.log ?? log, error, refusal);
    if (res.headersSent) return next(error);
    res.status(refusal.status).set({ 'cache-control': 'no-store', ...refusal.headers });
    if (wantsPage(req)) renderPage(req, res, refusal);
    else res.set('content-language', 'en').json(bodyOf(refusal, req));
  };
}

function bodyOf({ code, publicText, loginUrl }: Refusal, req: Request) {
  return { error: code, error_description: publicText, login_url: loginUrl, request_id: req.id };
}

function refusalOf(error: unknown): Refusal {
  const refusal = (error ?? {}) as Partial<Refusal>;
  if (unstorable.has(String(refusal.code))) {
    return { status: 400, code: 'unstorable_character', publicText: errorTexts.unstorable_character };
  }
  if (typeof refusal.status !== 'number' || refusal.status < 400 || refusal.status > 599) return FAILURE;
  if (typeof refusal.publicText === 'string') return { ...FAILURE, ...refusal };
  return refusal.status < 500 ? unreadable(refusal.status) : FAILURE;
}

/**
 * SQLSTATE of a text that PostgreSQL cannot hold: what got past `refuseUnstorable` is the sender's fault all the same.
 */
const unstorable = new Set(['22021', '22P05']);

/** Errors of Express and its body parsers: the status is right, the text is for developers. */
function unreadable(status: number): Refusal {
  return status === 413
    ? { status, code: 'too_large', publicText: errorTexts.too_large }
    : { status, code: 'invalid_request', publicText: errorTexts.invalid_request };
}

function record(log: Logger, error: unknown, { status, code }: Refusal): void {
  if (status >= 500) log.error({ err: error, code }, 'request failed');
  else
    log.info({ code, status, detail: (error as HttpError).detail, cause: (error as Error).cause }, 'request refused');
}

function renderPage(req: Request, res: Response, refusal: Refusal): void {
  const { status, code, neededRoles = [], loginUrl } = refusal;
  const { t, errorText } = { ...res.app.locals, ...res.locals } as ErrorLocals;
  const publicText = errorText?.(code) ?? refusal.publicText;
  const locals = { title: t(`look.${titleOf(status)}`), status, publicText, neededRoles, loginUrl };
  res.render('error', locals, (failure, html) => {
    if (!failure) return void res.send(html);
    req.log?.error({ err: failure }, 'the error page failed');
    res.type('text').send(`${publicText}\n\nReference: ${req.id}\n`);
  });
}

function titleOf(status: number) {
  const known = `title${status}` as keyof typeof lookTexts;
  if (Object.hasOwn(lookTexts, known)) return known;
  return status < 500 ? 'title400' : 'title500';
}
