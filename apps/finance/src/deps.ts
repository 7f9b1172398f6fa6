import type { RoleOf } from '@gatehouse/directory/manifest';
import type { Logger } from '@gatehouse/web';
import type { Request } from 'express';
import type { Pool } from 'pg';
import type manifest from '../manifest.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import type { Config } from './config.ts';
import type { HumanResources } from './human-resources/human-resources.ts';

export type Role = RoleOf<typeof manifest>;

/** What `server.ts` makes. */
export interface AppDeps {
  config: Config;
  log: Logger;
  /** The user database: `@gatehouse/directory` reads it. */
  pool: Pool;
  /** The app's own tables. */
  prisma: PrismaClient;
}

/** What the features are given. */
export interface Deps extends AppDeps {
  humanResources: HumanResources;
  /** The person's access token for Human Resources' API. Throws when there is none that is still good. */
  accessToken(req: Request): string;
}
