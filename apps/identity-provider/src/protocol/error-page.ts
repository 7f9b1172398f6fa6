import type { Configuration, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import { renderView } from './render-view.ts';

const TEXTS: Record<string, string> = {
  invalid_client: 'The app that sent you here is not registered, or no longer is.',
  invalid_redirect_uri: 'The app asked to send you back to an address that is not registered for it.',
  access_denied: 'You cannot open this app.',
};

const START_AGAIN = 'This sign-in has expired or was finished in another tab. Please open the app again.';
const NOT_UNDERSTOOD = 'The app that sent you here made a mistake in its request. Please try again from the app.';
const FAILED = 'Something went wrong on our side. It has been recorded; please try again in a moment.';

/** Errors that cannot be sent back to the app are shown to the person, in the look of all error pages. */
export const renderError: NonNullable<Configuration['renderError']> = async (ctx, out, error) => {
  if (!ctx.accepts('html')) {
    ctx.body = out;
    return;
  }
  ctx.type = 'html';
  ctx.body = await render(ctx, publicText(out, error));
};

function publicText(out: ErrorOut, error: Error): string {
  if (out.error === 'server_error') return FAILED;
  if (error.name === 'SessionNotFound') return START_AGAIN;
  return TEXTS[out.error] ?? NOT_UNDERSTOOD;
}

function render(ctx: KoaContextWithOIDC, text: string): Promise<string> {
  return renderView(ctx, 'error', {
    title: ctx.status >= 500 ? 'That did not work' : 'We cannot sign you in from here',
    status: ctx.status,
    publicText: text,
    neededRoles: [],
    loginUrl: undefined,
  });
}
