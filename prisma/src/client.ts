import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/client.ts';
import { type ConnectOptions, connect, type Database } from './index.ts';

export * from '../generated/client.ts';

export interface PrismaDatabase extends Database {
  /** Uses the same pool. */
  prisma: PrismaClient;
}

/**
 * Opens the user database with Prisma's client, for seeds and tools. What serves requests speaks SQL and needs none.
 */
export function connectPrisma(url: string, options: ConnectOptions): PrismaDatabase {
  const { pool, close } = connect(url, options);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      await close();
    },
  };
}
