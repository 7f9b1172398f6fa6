import {
  describeRelyingParty,
  type RelyingParty,
  signInAs,
  startRelyingParty,
} from '@gatehouse/test-kit/relying-party';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../../manifest.ts';
import { PrismaClient } from '../../prisma/generated/client.ts';
import { createApp } from '../app.ts';
import { loadConfig } from '../config.ts';

const relyingParty: RelyingParty = {
  manifest,
  roles: { 'dev.patel': ['reader'], 'eleanor.vance': ['reader'], 'amelia.hart': ['reader', 'publisher'] },
  createApp({ env, pool, log }) {
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { schema: manifest.schema! }) });
    return createApp({ config: loadConfig(env), log, pool, prisma });
  },
};
describeRelyingParty(relyingParty);

let app: Awaited<ReturnType<typeof startRelyingParty>>;
beforeAll(async () => void (app = await startRelyingParty(relyingParty)));
afterAll(() => app?.close());
const notice = { title: 'Water off on Friday', text: 'Between nine and ten.' };

it('shows a suggestion to its author and to publishers, a published notice to everybody', async () => {
  const author = await signInAs(app, 'dev.patel');
  const publisher = await signInAs(app, 'amelia.hart');
  const colleague = await signInAs(app, 'eleanor.vance');
  expect((await author.send('/notices', notice)).body).toContain('A publisher will look at it');
  expect((await colleague.open('/')).body).not.toContain(notice.title);
  const publish = /\/notices\/[^/]+\/publish/.exec((await publisher.open('/')).body)![0];
  expect((await author.send(publish)).status).toBe(403);
  expect((await publisher.send(publish)).body).toContain('The notice is published');
  expect((await colleague.open('/')).body).toContain(notice.title);
  expect((await publisher.send(publish)).status).toBe(409);
});

it('says at the field what is wrong and keeps what was typed', async () => {
  const { status, body } = await (await signInAs(app, 'dev.patel')).send('/notices', { ...notice, title: ' ' });
  expect([status, body]).toEqual([422, expect.stringMatching(/id="field-title-error".*Enter a title/)]);
  expect(body).toContain(notice.text);
});
