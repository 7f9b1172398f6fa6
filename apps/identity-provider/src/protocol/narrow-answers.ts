import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** What scripts of other origins may read: what everybody may. */
const PUBLIC = new Set(['discovery', 'cors.discovery', 'jwks', 'cors.jwks']);

/**
 * Takes out of the library's answers what is not meant for the asker: permission for scripts of other origins, and,
 * from discovery, what only the launcher or nobody may use.
 */
export function narrowAnswers(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    const route = (ctx as Partial<KoaContextWithOIDC>).oidc?.route ?? '';
    if (!PUBLIC.has(route)) ctx.remove('access-control-allow-origin');
    if (route === 'discovery') {
      Object.assign(ctx.body as object, { response_types_supported: ['code'], response_modes_supported: ['query'] });
    }
  });
}
