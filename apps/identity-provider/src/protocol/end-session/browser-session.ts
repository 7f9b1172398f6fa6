import type { Request, Response } from 'express';
import type Provider from 'oidc-provider';
import { cookies } from '../cookies.ts';

export type ProviderSession = Awaited<ReturnType<Provider['Session']['get']>>;

export function browserSession(provider: Provider, req: Request, res: Response): Promise<ProviderSession> {
  return provider.Session.get(provider.createContext(req, res));
}

export function forgetBrowserSession(provider: Provider, req: Request, res: Response): void {
  const { long } = cookies(provider.issuer, []) ?? {};
  provider.createContext(req, res).cookies.set(provider.cookieName('session'), null, long);
}
