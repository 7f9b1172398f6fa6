import type { RelyingParty } from '@gatehouse/test-kit/relying-party';
import { PrismaPg } from '@prisma/adapter-pg';
import manifest from '../manifest.ts';
import { PrismaClient } from '../prisma/generated/client.ts';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';

/** This app as its tests start it. */
export const relyingParty: RelyingParty = {
  manifest,
  createApp: ({ env, pool, log }) => {
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema: 'service_desk' }) });
    return createApp({ config: loadConfig(env), log, pool, prisma });
  },
};
