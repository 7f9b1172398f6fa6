import { authClient, routeGuard } from '@gatehouse/auth-client';
import { postgresStore } from '@gatehouse/auth-client/postgres';
import { createRelyingPartyApp, defineRoutes } from '@gatehouse/web';
import type { Express } from 'express';
import manifest from '../manifest.ts';
import { allClaimsRoutes } from './claims/all-claims.ts';
import { claimPageRoutes } from './claims/claim-page.ts';
import { editPageRoutes } from './claims/edit-page.ts';
import { homeRoutes } from './claims/home.ts';
import type { AppDeps, Deps, Role } from './deps.ts';
import { createHumanResources } from './human-resources/human-resources.ts';
import { receiptRoutes } from './receipts/download-receipt.ts';

const nav = [
  { href: '/', title: 'My claims', roles: ['claimant'] },
  { href: '/claims/all', title: 'All claims', roles: ['approver', 'clerk', 'auditor'] },
];

export function createApp({ config, log, pool, prisma }: AppDeps): Express {
  const { clientId } = manifest;
  const { sessionKey } = config.secrets;
  const { humanResourcesUrl: url } = config;
  const store = postgresStore(pool, { clientId, sessionKey });
  const auth = authClient({
    ...config,
    ...config.secrets,
    clientId,
    store,
    log,
    scope: 'openid manager:read',
    resource: `${url}/api`,
  });
  const humanResources = createHumanResources({ url });
  const deps: Deps = { config, log, pool, prisma, humanResources, accessToken: auth.accessToken };
  return createRelyingPartyApp({
    manifest,
    nav,
    config,
    log,
    auth,
    guard: routeGuard(),
    routes: defineRoutes<Role>()([
      ...homeRoutes(deps),
      ...allClaimsRoutes(deps),
      ...editPageRoutes(deps),
      ...claimPageRoutes(deps),
      ...receiptRoutes(deps),
    ]),
    views: [import.meta.dirname],
  });
}
