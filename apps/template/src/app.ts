import { authClient, routeGuard } from '@gatehouse/auth-client';
import { postgresStore } from '@gatehouse/auth-client/postgres';
import { createRelyingPartyApp, type Logger } from '@gatehouse/web';
import type { Express } from 'express';
import type { Pool } from 'pg';
import manifest from '../manifest.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import type { Config } from './config.ts';
import { noticeRoutes } from './notices/routes.ts';

interface Deps {
  config: Config;
  log: Logger;
  pool: Pool;
  prisma: PrismaClient;
}

export function createApp({ config, log, pool, prisma }: Deps): Express {
  const { clientId } = manifest;
  const { sessionKey } = config.secrets;
  const store = postgresStore(pool, { clientId, sessionKey });
  const auth = authClient({ ...config, ...config.secrets, clientId, store, log });
  const routes = noticeRoutes({ prisma });
  const views = [import.meta.dirname];
  return createRelyingPartyApp({ manifest, config, log, auth, guard: routeGuard(), routes, views });
}
