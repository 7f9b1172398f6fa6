import type { Response } from 'express';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** A view of this app, for the pages that the library asks for. */
export function renderView(ctx: KoaContextWithOIDC, view: string, locals: object): Promise<string> {
  const res = ctx.res as Response;
  return new Promise((resolve, reject) => {
    res.render(view, locals, (failure: Error | null, html) => (failure ? reject(failure) : resolve(html)));
  });
}
