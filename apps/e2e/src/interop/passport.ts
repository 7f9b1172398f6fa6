import session from 'express-session';
import passport from 'passport';
import { type Profile, Strategy, type VerifyCallback } from 'passport-openidconnect';
import { org } from '../support/people.ts';
import { type ForeignApp, serveForeignApp } from './relying-party.ts';

/** It knows no discovery and no PKCE, so its client is registered without, and with claims in the ID token,
 * because it does not ask userinfo for them. A logout it leaves to the app. */
export function startPassport(): Promise<ForeignApp> {
  return serveForeignApp(
    (url) => ({
      client_name: 'passport-openidconnect',
      redirect_uris: [`${url}/callback`],
      post_logout_redirect_uris: [`${url}/signed-out`],
      require_pkce: false,
      id_token_claims: true,
    }),
    (app, url, { client_id: clientID, client_secret: clientSecret = '' }) => {
      const authenticator = new passport.Passport();
      const keep = (_issuer: string, profile: Profile, done: VerifyCallback) => done(null, profile);
      const strategy = new Strategy(
        {
          issuer: org.issuer,
          authorizationURL: `${org.issuer}/auth`,
          tokenURL: `${org.issuer}/token`,
          userInfoURL: `${org.issuer}/me`,
          clientID,
          clientSecret,
          callbackURL: `${url}/callback`,
          scope: ['profile', 'email'],
        },
        keep,
      );
      authenticator.use(strategy);
      authenticator.serializeUser((user, done) => done(null, user));
      authenticator.deserializeUser((user: Express.User, done) => done(null, user));
      app.get('/signed-out', (_req, res) => void res.send('signed out'));
      app.use(session({ name: 'passport', secret: 'only for this test', resave: false, saveUninitialized: false }));
      app.use(authenticator.session());
      app.get('/callback', authenticator.authenticate('openidconnect', { successRedirect: '/' }));
      app.get('/logout', (req, res, next) => {
        req.logout((error: unknown) => {
          if (error) return next(error);
          const back = new URLSearchParams({ client_id: clientID, post_logout_redirect_uri: `${url}/signed-out` });
          res.redirect(`${org.issuer}/session/end?${back}`);
        });
      });
      app.use((req, res, next) => {
        if (req.user) return next();
        authenticator.authenticate('openidconnect')(req, res, next);
      });
      app.get('/', (req, res) => {
        const profile = req.user as Profile;
        res.json({ sub: profile.id, name: profile.displayName });
      });
    },
  );
}
