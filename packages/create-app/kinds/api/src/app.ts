import { bearer, routeGuard } from '@gatehouse/auth-client';
import { tokenCounts } from '@gatehouse/auth-client/postgres';
import { createApiApp, type Logger } from '@gatehouse/web';
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
  const { issuer, baseUrl } = config;
  const isLive = tokenCounts(pool);
  const guard = routeGuard({ bearer: (scope) => bearer({ issuer, audience: `${baseUrl}/api`, scope, isLive }) });
  const routes = noticeRoutes({ pool, prisma });
  return createApiApp({ manifest, config, log, guard, routes, ready: () => pool.query('SELECT') });
}
