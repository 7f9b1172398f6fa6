import type { RelyingParty } from '@gatehouse/test-kit/relying-party';
import { PrismaPg } from '@prisma/adapter-pg';
import manifest from '../manifest.ts';
import { PrismaClient } from '../prisma/generated/client.ts';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';

/** Nothing listens there: Human Resources is down. */
const nowhere = 'http://localhost:9';

/** This app as its tests start it. */
export const relyingPartyWith = (humanResourcesUrl: string): RelyingParty => ({
  manifest,
  createApp: ({ env, pool, log }) => {
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema: 'finance' }) });
    return createApp({ config: loadConfig({ ...env, HUMAN_RESOURCES_URL: humanResourcesUrl }), log, pool, prisma });
  },
});

export const relyingParty = relyingPartyWith(nowhere);
