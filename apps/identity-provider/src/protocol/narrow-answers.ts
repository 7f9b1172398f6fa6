import { supported } from '@gatehouse/clients';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { ClientRegistry } from './clients/registry.ts';

/** What scripts of other origins may read: what everybody may. */
const PUBLIC = new Set(['discovery', 'cors.discovery', 'jwks', 'cors.jwks']);

/** Seconds for which discovery and keys may be kept: less than a new key is published before it signs. */
const KEEP_SECONDS = 300;

/**
 * Takes out of the library's answers what is not meant for the asker: permission for scripts of origins that no client
 * is registered with (which client it is, is known later, and looked at then); from discovery, what only the launcher
 * may use; and from redirects, the isolation of pages, which would cost every hop a new process of the browser.
 */
export function narrowAnswers(provider: Provider, clients: ClientRegistry): void {
  provider.use(async (ctx, next) => {
    await next();
    const route = (ctx as Partial<KoaContextWithOIDC>).oidc?.route ?? '';
    const origin = ctx.get('origin');
    if (!PUBLIC.has(route) && !(origin && (await clients.addresses()).scriptOrigins.has(origin))) {
      ctx.remove('access-control-allow-origin');
    }
    if (ctx.status === 303) ctx.remove('cross-origin-opener-policy');
    if (route === 'discovery' || route === 'jwks') ctx.set('cache-control', `public, max-age=${KEEP_SECONDS}`);
    if (route === 'discovery') {
      Object.assign(ctx.body as object, {
        response_types_supported: supported.responseTypes,
        response_modes_supported: supported.responseModes,
      });
    }
  });
}
