import { authClient, bearer, routeGuard } from '@gatehouse/auth-client';
import { postgresStore, tokenCounts } from '@gatehouse/auth-client/postgres';
import { createRelyingPartyApp, defineRoutes } from '@gatehouse/web';
import type { Express } from 'express';
import manifest from '../manifest.ts';
import { managerApiRoutes } from './api/manager.ts';
import type { Deps, Role } from './deps.ts';
import { everyonesLeaveRoutes } from './leave/everyones-leave.ts';
import { leavePageRoutes } from './leave/leave-page.ts';
import { ownLeaveRoutes } from './leave/own-leave.ts';
import { peopleListRoutes } from './people/people-list.ts';
import { personPageRoutes } from './people/person-page.ts';

const nav = [
  { href: '/', title: 'My leave', roles: ['employee'] },
  { href: '/leave/all', title: "Everyone's leave", roles: ['officer', 'auditor'] },
  { href: '/people', title: 'Staff directory' },
];

export function createApp(deps: Deps): Express {
  const { config, log, pool } = deps;
  const { clientId } = manifest;
  const { sessionKey } = config.secrets;
  const store = postgresStore(pool, { clientId, sessionKey });
  const auth = authClient({ ...config, ...config.secrets, clientId, store, log });
  const { issuer } = config;
  const audience = `${config.baseUrl}/api`;
  const isLive = tokenCounts(pool);
  return createRelyingPartyApp({
    manifest,
    nav,
    config,
    log,
    auth,
    guard: routeGuard({ bearer: (scope) => bearer({ issuer, audience, scope, isLive }) }),
    routes: defineRoutes<Role>()([
      ...ownLeaveRoutes(deps),
      ...everyonesLeaveRoutes(deps),
      ...leavePageRoutes(deps),
      ...peopleListRoutes(deps),
      ...personPageRoutes(deps),
      ...managerApiRoutes(deps),
    ]),
    views: [import.meta.dirname],
  });
}
