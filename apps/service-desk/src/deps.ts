import type { RoleOf } from '@gatehouse/directory/manifest';
import type { Logger } from '@gatehouse/web';
import type { Pool } from 'pg';
import type manifest from '../manifest.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import type { Config } from './config.ts';

export type Role = RoleOf<typeof manifest>;

/** What `server.ts` makes and everything else is given. */
export interface Deps {
  config: Config;
  log: Logger;
  /** The user database: `@gatehouse/directory` reads it. */
  pool: Pool;
  /** The app's own tables. */
  prisma: PrismaClient;
}
