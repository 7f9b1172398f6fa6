import type { Request, RequestHandler } from 'express';
import { HttpError } from './http-error.ts';
import { errorTexts } from './texts.ts';

/**
 * Whether PostgreSQL can hold the text: no NUL, and no half of a surrogate pair, which is no character. Looks into
 * lists and objects, names included.
 */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, each]) => isStorable(name) && isStorable(each));
}

/**
 * The one boundary at which a request is refused that says what no table can hold, wherever it stands: here in the
 * address and in the credentials, and for bodies in whatever parses them.
 *
 * @throws HttpError 400 `unstorable_character`
 */
export function refuseUnstorable(): RequestHandler {
  return (req, _res, next) => {
    if (/%00/.test(req.url) || /%00|\0/.test(basicCredentialsOf(req))) throw unstorable();
    next();
  };
}

/** @throws HttpError 400 `unstorable_character` */
export function requireStorable(value: unknown): void {
  if (!isStorable(value)) throw unstorable();
}

/** A parser of bodies whose result is refused where it cannot be stored. */
export function storable(parse: RequestHandler): RequestHandler {
  return (req, res, next) =>
    parse(req, res, (error: unknown) => {
      if (error) return next(error);
      if (isStorable(req.body)) return next();
      req.body = undefined;
      next(unstorable());
    });
}

/**
 * For whoever reads the body of a form themself, by Node's iterator of the stream.
 *
 * @param longest octets that are taken; by default any number
 * @throws HttpError 400 `unstorable_character` or 413 `too_large`, to the one who reads
 */
export function readStorable(req: Request, longest = Number.POSITIVE_INFINITY): void {
  const iterator = req.iterator.bind(req);
  async function* whole(options?: object) {
    const chunks: Buffer[] = [];
    for await (const chunk of iterator(options)) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (body.length > longest) throw new HttpError(413, 'too_large', errorTexts.too_large);
    if (/%00|\0/.test(body.toString('latin1'))) throw unstorable();
    yield body;
  }
  req.iterator = whole as typeof req.iterator;
}

/** Of RFC 7617, decoded; those of RFC 6749 section 2.3.1 are percent-encoded inside. */
function basicCredentialsOf(req: Request): string {
  const [, credentials = ''] = /^basic +(\S+)/i.exec(req.get('authorization') ?? '') ?? [];
  return Buffer.from(credentials, 'base64').toString('latin1');
}

const unstorable = () => new HttpError(400, 'unstorable_character', errorTexts.unstorable_character);
