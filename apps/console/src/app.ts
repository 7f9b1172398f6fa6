import { authClient, routeGuard } from '@gatehouse/auth-client';
import { postgresStore } from '@gatehouse/auth-client/postgres';
import { createRelyingPartyApp, type Logger } from '@gatehouse/web';
import type { Express } from 'express';
import type { Pool } from 'pg';
import manifest from '../manifest.ts';
import { appRoutes } from './apps/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import type { Config } from './config.ts';
import { actionRoutes } from './people/action-routes.ts';
import { peopleRoutes } from './people/routes.ts';

interface Deps {
  config: Config;
  log: Logger;
  pool: Pool;
}

/** Administration of people and access: a relying party like the others, under a database login of its own kind. */
export function createApp({ config, log, pool }: Deps): Express {
  const { clientId } = manifest;
  const { sessionKey } = config.secrets;
  const store = postgresStore(pool, { clientId, sessionKey });
  const auth = authClient({ ...config, ...config.secrets, clientId, store, log });
  return createRelyingPartyApp({
    manifest,
    nav: [
      { href: '/people', title: 'People' },
      { href: '/apps', title: 'Apps' },
      { href: '/audit', title: 'Audit' },
    ],
    config,
    log,
    auth,
    guard: routeGuard(),
    routes: [...peopleRoutes({ pool }), ...actionRoutes({ pool }), ...appRoutes({ pool }), ...auditRoutes({ pool })],
    views: [import.meta.dirname],
  });
}
