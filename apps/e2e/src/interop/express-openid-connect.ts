import type { RequestHandler } from 'express';
import expressOpenidConnect from 'express-openid-connect';
import { org } from '../support/people.ts';
import { type ForeignApp, serveForeignApp } from './relying-party.ts';

/** As its documentation sets it up; ID tokens in RS256, which is all that it takes without being told. */
export function startExpressOpenidConnect(): Promise<ForeignApp> {
  return serveForeignApp(
    (url) => ({
      client_name: 'express-openid-connect',
      redirect_uris: [`${url}/callback`],
      post_logout_redirect_uris: [`${url}/signed-out`],
      grant_types: ['authorization_code', 'refresh_token'],
    }),
    (app, url, { client_id: clientID, client_secret: clientSecret = '' }) => {
      app.get('/signed-out', (_req, res) => void res.send('signed out'));
      app.use(
        expressOpenidConnect.auth({
          issuerBaseURL: org.issuer,
          baseURL: url,
          clientID,
          clientSecret,
          secret: 'only for this test, and long enough',
          idpLogout: true,
          authRequired: true,
          authorizationParams: { response_type: 'code', scope: 'openid profile email' },
          routes: { postLogoutRedirect: '/signed-out' },
        }),
      );
      const show: RequestHandler = async (req, res) => {
        const { sub, name, email } = await req.oidc.fetchUserInfo();
        res.json({ sub, name, email, token: req.oidc.accessToken?.access_token });
      };
      app.get('/', show);
      app.get(
        '/refresh',
        async (req, _res, next) => {
          await req.oidc.accessToken?.refresh();
          next();
        },
        show,
      );
    },
  );
}
