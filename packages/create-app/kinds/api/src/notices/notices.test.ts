import { describeApi, type RelyingParty, signInAtCaller, startRelyingParty } from '@gatehouse/test-kit/relying-party';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../../manifest.ts';
import { PrismaClient } from '../../prisma/generated/client.ts';
import { createApp } from '../app.ts';
import { loadConfig } from '../config.ts';

const relyingParty: RelyingParty = {
  manifest,
  createApp({ env, pool, log }) {
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema: manifest.schema! }) });
    return createApp({ config: loadConfig(env), log, pool, prisma });
  },
};
describeApi(relyingParty);

let app: Awaited<ReturnType<typeof startRelyingParty>>;
beforeAll(async () => void (app = await startRelyingParty(relyingParty)));
afterAll(() => app?.close());
const notice = { title: 'Water off on Friday', text: 'Between nine and ten.' };

it('takes a suggestion on behalf of a person, and lists it once it is published', async () => {
  const caller = await signInAtCaller(app, 'tomas.reyes');
  const suggested = await caller.send('/api/notices', 'notices:write', notice);
  expect(suggested.status).toBe(201);
  const { id } = (await suggested.json()) as { id: string };
  const listed = async () => (await caller.send('/api/notices', 'notices:read')).json();
  expect(await listed()).toEqual({ notices: [] });
  await app.db.owner.query(`UPDATE "${manifest.schema}".notice SET status = 'published'`);
  expect(await listed()).toEqual({ notices: [{ id, ...notice }] });
});

it('says of each field what is wrong', async () => {
  const caller = await signInAtCaller(app, 'tomas.reyes');
  const refused = await caller.send('/api/notices', 'notices:write', { ...notice, title: ' ' });
  expect([refused.status, await refused.json()]).toEqual([
    422,
    { error: 'invalid', fields: { title: 'Enter a title' } },
  ]);
});
