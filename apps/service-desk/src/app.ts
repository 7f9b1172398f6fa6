import { authClient, routeGuard } from '@gatehouse/auth-client';
import { postgresStore } from '@gatehouse/auth-client/postgres';
import { createRelyingPartyApp, defineRoutes } from '@gatehouse/web';
import type { Express } from 'express';
import manifest from '../manifest.ts';
import { assetListRoutes } from './assets/asset-list.ts';
import { assetPageRoutes } from './assets/asset-page.ts';
import type { Deps, Role } from './deps.ts';
import { homeRoutes } from './tickets/home.ts';
import { queueRoutes } from './tickets/queue.ts';
import { raisePageRoutes } from './tickets/raise-page.ts';
import { ticketPageRoutes } from './tickets/ticket-page.ts';

const nav = [
  { href: '/', title: 'My tickets', roles: ['requester', 'agent'] },
  { href: '/queue', title: 'Queue', roles: ['agent', 'auditor'] },
  { href: '/assets', title: 'Assets', roles: ['agent', 'auditor'] },
];

export function createApp(deps: Deps): Express {
  const { config, log, pool } = deps;
  const { clientId } = manifest;
  const { sessionKey } = config.secrets;
  const store = postgresStore(pool, { clientId, sessionKey });
  const auth = authClient({ ...config, ...config.secrets, clientId, store, log });
  return createRelyingPartyApp({
    manifest,
    nav,
    config,
    log,
    auth,
    guard: routeGuard(),
    routes: defineRoutes<Role>()([
      ...homeRoutes(deps),
      ...queueRoutes(deps),
      ...raisePageRoutes(deps),
      ...ticketPageRoutes(deps),
      ...assetListRoutes(deps),
      ...assetPageRoutes(deps),
    ]),
    views: [import.meta.dirname],
  });
}
