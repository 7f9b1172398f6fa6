import type { RequestHandler } from 'express';
import { AuthClientError } from './errors.ts';
import { verifyLogoutToken } from './logout-token.ts';
import type { Provider } from './openid-client.ts';
import type { Settings } from './settings.ts';

/**
 * POST backchannel-logout: the provider says that a session of its own has ended, and the app sessions that hang on it
 * end too (Back-Channel Logout 1.0 §2.7, §2.8). Expects a parsed form.
 */
export function backchannelLogout(settings: Settings, provider: Provider): RequestHandler {
  const { store, log } = settings;

  return async (req, res) => {
    res.set('Cache-Control', 'no-store');
    try {
      const form = req.body as Record<string, unknown> | undefined;
      const token = await verifyLogoutToken(form?.logout_token, await provider.keys(), settings);
      if (!(await store.useLogoutToken(token.jti, token.forgettableAt))) {
        throw new AuthClientError('logout_token_invalid', { detail: 'it was used before' });
      }
      await store.endSessions(token.target);
      log.info(token.target, 'ended by back-channel logout');
      res.status(200).end();
    } catch (error) {
      if (!(error instanceof AuthClientError)) throw error;
      log.warn({ err: error }, 'back-channel logout refused');
      res
        .status(error.status)
        .set(error.headers)
        .json({ error: 'invalid_request', error_description: error.publicText });
    }
  };
}
