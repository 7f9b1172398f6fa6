import type { Request, Response } from 'express';
import type Provider from 'oidc-provider';
import { cookies } from '../cookies.ts';
import type { EndSessionRequest } from './request.ts';

/** So long a reload of the receipt still knows the way back, in seconds. */
const LIFETIME = 600;

const nameOf = (provider: Provider) => `${provider.cookieName('session')}.end`;

type Kept = Pick<EndSessionRequest, 'hint' | 'returnTo'> & { clientId: string | undefined };

/**
 * Keeps what an app asked for, checked, in a signed cookie of the browser, so that the pages of the sign-out stand at
 * an address without the ID token.
 */
export function keepRequest(provider: Provider, req: Request, res: Response, request: EndSessionRequest): void {
  const { client, hint, returnTo } = request;
  const kept = { clientId: client?.clientId, hint, returnTo } satisfies Kept;
  const value = Buffer.from(JSON.stringify(kept)).toString('base64url');
  const { long } = cookies(provider.issuer, []) ?? {};
  provider.createContext(req, res).cookies.set(nameOf(provider), value, { ...long, maxAge: LIFETIME * 1000 });
}

/** What `keepRequest` kept in this browser; a request for nothing where there is none or its client is gone. */
export async function keptRequest(provider: Provider, req: Request, res: Response): Promise<EndSessionRequest> {
  const nothing = { client: undefined, hint: undefined, returnTo: undefined };
  const value = provider.createContext(req, res).cookies.get(nameOf(provider), { signed: true });
  if (!value) return nothing;
  const { clientId, hint, returnTo } = JSON.parse(Buffer.from(value, 'base64url').toString()) as Kept;
  const client = clientId === undefined ? undefined : await provider.Client.find(clientId);
  return client ? { client, hint, returnTo } : nothing;
}
