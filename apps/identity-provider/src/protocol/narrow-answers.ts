import { supported } from '@gatehouse/clients';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { ClientRegistry } from './clients/registry.ts';

/** What scripts of other origins may read: what everybody may. */
const PUBLIC = new Set(['discovery', 'cors.discovery', 'jwks', 'cors.jwks']);

/**
 * Takes out of the library's answers what is not meant for the asker: permission for scripts of origins that no client
 * is registered with (which client it is, is known later, and looked at then), and, from discovery, what only the
 * launcher may use.
 */
export function narrowAnswers(provider: Provider, clients: ClientRegistry): void {
  provider.use(async (ctx, next) => {
    await next();
    const route = (ctx as Partial<KoaContextWithOIDC>).oidc?.route ?? '';
    const origin = ctx.get('origin');
    if (!PUBLIC.has(route) && !(origin && (await clients.addresses()).scriptOrigins.has(origin))) {
      ctx.remove('access-control-allow-origin');
    }
    if (route === 'discovery') {
      Object.assign(ctx.body as object, {
        response_types_supported: supported.responseTypes,
        response_modes_supported: supported.responseModes,
      });
    }
  });
}
