import type { Response } from 'express';
import type { Configuration, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { translatorOf } from '../languages/speak.ts';
import type { Translate } from '../languages/translate.ts';
import { renderView } from './render-view.ts';

const KNOWN = ['invalid_client', 'invalid_redirect_uri', 'access_denied'] as const;

/** Errors that cannot be sent back to the app are shown to the person, in the look of all error pages. */
export const renderError: NonNullable<Configuration['renderError']> = async (ctx, out, error) => {
  if (!ctx.accepts('html')) {
    ctx.body = out;
    return;
  }
  if (error.name === 'SessionNotFound' && ctx.oidc?.route === 'resume') {
    // Where the same request came twice, the quicker one has given the session a new id, which has to stay.
    ctx.remove('set-cookie');
    ctx.status = 303;
    ctx.redirect(`/interaction/${ctx.params.uid}/over${ctx.search}`);
    return;
  }
  ctx.type = 'html';
  const t = translatorOf(ctx.res as Response);
  ctx.body = await render(ctx, t, publicText(t, out, error));
};

function publicText(t: Translate, out: ErrorOut, error: Error): string {
  if (out.error === 'server_error') return t('errors.server_error');
  if (error.name === 'SessionNotFound') return t('protocol.startAgain');
  const known = KNOWN.find((code) => code === out.error);
  return t(known ? `protocol.${known}` : 'protocol.notUnderstood');
}

function render(ctx: KoaContextWithOIDC, t: Translate, text: string): Promise<string> {
  return renderView(ctx, 'error', {
    title: t(ctx.status >= 500 ? 'protocol.titleFailed' : 'protocol.title'),
    status: ctx.status,
    publicText: text,
    neededRoles: [],
    loginUrl: undefined,
  });
}
