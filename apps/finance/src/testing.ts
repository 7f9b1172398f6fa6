import type { RelyingParty, RunningRelyingParty, Visitor } from '@gatehouse/test-kit/relying-party';
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

/** The form of a claim, filled in. */
export const typedClaim = (change: Record<string, string> = {}) => ({
  title: 'Train to Leeds',
  spentOn: Temporal.Now.plainDateISO().subtract({ days: 3 }).toString(),
  amount: '8.40',
  category: 'travel',
  costCentre: '4210',
  note: '',
  ...change,
});

/** The claim of this page as it stands in the database. */
export async function claimRow({ db }: Pick<RunningRelyingParty, 'db'>, path: string) {
  return (await db.owner.query('SELECT * FROM finance.claim WHERE id = $1', [path.split('/').at(-1)])).rows[0];
}

/** What somebody does on the page of a claim as it is now. */
export async function actOnClaim(
  rp: Pick<RunningRelyingParty, 'db'>,
  visitor: Visitor,
  path: string,
  action: string,
  fields: Record<string, string> = {},
) {
  return visitor.send(`${path}/${action}`, { revision: String((await claimRow(rp, path)).revision), ...fields });
}
