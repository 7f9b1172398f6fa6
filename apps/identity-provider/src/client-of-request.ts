import type { Request } from 'express';

/** What OpenID Connect answers, of which each client has a share of its own. */
const PROTOCOL = /^\/(?:auth|token|request|device|me|jwks|session\/end|\.well-known)(?:\/|$)/i;

/**
 * The client that a request of the protocol says it is, by parameter or by Basic authentication: the share of requests
 * that it takes from. Empty where it names none; `undefined` at a page.
 */
export function clientOfRequest(req: Request): string | undefined {
  if (!PROTOCOL.test(req.path)) return undefined;
  const { client_id: named } = req.query;
  if (typeof named === 'string') return named.slice(0, 100);
  const [, credentials = ''] = /^Basic ([\w+/=]+)$/i.exec(req.get('authorization') ?? '') ?? [];
  return Buffer.from(credentials, 'base64').toString().split(':', 1)[0]?.slice(0, 100) ?? '';
}
