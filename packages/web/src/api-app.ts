import express, { type Express } from 'express';
import type { ConfigOf } from './environment/parse-environment.ts';
import type { relyingPartyEnvironment } from './environment/variables.ts';
import { errorHandler, notFound } from './error-handler.ts';
import { expectedAddresses } from './expected-addresses.ts';
import { floodGuard } from './flood-guard.ts';
import { forwardedFor } from './forwarded-for.ts';
import { health } from './health.ts';
import { type Logger, requestLog } from './log.ts';
import { requestId } from './request-id.ts';
import { answerOptions } from './routes/answer-options.ts';
import { type Guard, mountRoutes } from './routes/mount-routes.ts';
import type { Route } from './routes/route-manifest.ts';
import { securityHeaders } from './security-headers.ts';
import { refuseUnstorable, storable } from './storable.ts';
import type { ViewApp } from './view-locals.ts';
import { createWebApp } from './web-app.ts';

export interface ApiAppOptions {
  manifest: ViewApp['manifest'];
  config: ConfigOf<typeof relyingPartyEnvironment>;
  log: Logger;
  /** auth-client's `routeGuard({ bearer })`. */
  guard: Guard;
  routes: readonly Route[];
  /** Resolves when the app can serve. */
  ready(): Promise<unknown>;
}

/**
 * An app that only other apps call, each with an access token: no cookie, no session, no sign-in. What a request meets,
 * from the top down, is its security policy.
 */
export function createApiApp({ manifest, config, log, guard, routes, ready }: ApiAppOptions): Express {
  const organisation = { name: config.organisationName, timeZone: config.organisationTimeZone };
  const app = createWebApp({ manifest, organisation, views: [], trustProxy: config.trustProxy });
  app.use(requestId(), forwardedFor(log), requestLog(log));
  app.use(health({ ready }));
  app.use(floodGuard({ requestsPerMinute: config.requestsPerMinute, log, shareOf: () => undefined }));
  app.use(refuseUnstorable());
  app.use(securityHeaders(), answerOptions());
  const changePassword = `${config.issuer}/account/password`;
  app.use(expectedAddresses({ changePassword, securityContact: config.securityContact }));
  app.use(storable(express.json({ limit: '64kb' })));
  app.use(mountRoutes(routes, { guard }));
  app.use(notFound());
  app.use(errorHandler(log));
  return app;
}
