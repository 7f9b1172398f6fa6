import type { Express, Request, RequestHandler } from 'express';
import { csrf, settleCsrf } from './csrf.ts';
import type { ConfigOf } from './environment/parse-environment.ts';
import type { relyingPartyEnvironment } from './environment/variables.ts';
import { errorHandler, notFound } from './error-handler.ts';
import { expectedAddresses } from './expected-addresses.ts';
import { floodGuard } from './flood-guard.ts';
import { formBody } from './forms.ts';
import { forwardedFor } from './forwarded-for.ts';
import { health } from './health.ts';
import { type Logger, requestLog } from './log.ts';
import { requestId } from './request-id.ts';
import { answerOptions } from './routes/answer-options.ts';
import { infrastructure } from './routes/inspect-routes.ts';
import { type Guard, mountRoutes } from './routes/mount-routes.ts';
import type { Route } from './routes/route-manifest.ts';
import { securityHeaders } from './security-headers.ts';
import { staticAssets } from './static-assets.ts';
import { refuseUnstorable } from './storable.ts';
import { authOf, type ViewApp } from './view-locals.ts';
import { createWebApp } from './web-app.ts';

export interface RelyingPartyAppOptions
  extends Omit<ViewApp, 'issuer' | 'organisation' | 'developmentBar' | 'sessionPath' | 'signOutPath'> {
  config: ConfigOf<typeof relyingPartyEnvironment>;
  log: Logger;
  /** auth-client's `authClient(…)` at its default base path. */
  auth: { session: RequestHandler; routes: RequestHandler; ready(): Promise<void> };
  /** auth-client's `routeGuard(…)`. */
  guard: Guard;
  routes: readonly Route[];
  /** Folders with the app's own views. */
  views: readonly string[];
}

/**
 * An app that signs people in at the identity provider, as one ordered list: what a request meets, from the top down,
 * is the security policy of every relying party of the organisation.
 */
export function createRelyingPartyApp({ config, log, auth, guard, routes, ...web }: RelyingPartyAppOptions): Express {
  const { issuer, trustProxy, developmentBar, secrets } = config;
  const organisation = { name: config.organisationName, timeZone: config.organisationTimeZone };
  const app = createWebApp({ ...web, issuer, organisation, developmentBar, sessionPath: '/auth/session', trustProxy });
  app.use(requestId(), forwardedFor(log), requestLog(log));
  app.use(health({ ready: () => auth.ready() }));
  app.use(floodGuard({ requestsPerMinute: config.requestsPerMinute, log, shareOf: signingIn }));
  app.use(refuseUnstorable());
  app.use(securityHeaders({ formAction: [issuer] }));
  app.use(staticAssets(), answerOptions());
  app.use(expectedAddresses({ changePassword: `${issuer}/account/password`, securityContact: config.securityContact }));
  const asksForToken = ({ allow }: Route) => typeof allow === 'object' && 'scope' in allow;
  app.use(mountRoutes(routes.filter(asksForToken), { guard }));
  app.use(auth.session);
  app.use(formBody());
  app.use(
    csrf({
      key: secrets.sessionKey,
      bindingOf: (req) => authOf(req)?.session?.sid,
      exempt: ['/auth/backchannel-logout'],
    }),
  );
  app.use(
    mountRoutes(
      routes.filter((route) => !asksForToken(route)),
      { guard },
    ),
  );
  app.use(settleCsrf, infrastructure(auth.routes));
  app.use(notFound());
  app.use(errorHandler(log));
  return app;
}

/** Signing in and out asks nobody who they are, so it has the smaller budget. */
const signingIn = ({ path }: Request) => (/^\/auth\//i.test(path) ? 'signing in' : undefined);
