import { createSealer } from '@gatehouse/encryption';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RelyingParty, relyingParty } from '../../../testing/relying-party.ts';
import { signIn } from '../../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../../testing/start-provider.ts';
import { createClientRegistry } from './registry.ts';

let running: RunningProvider;
let finance: RelyingParty;
const browser = createBrowser();

beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
  await signIn(browser, running.issuer, 'grace.lindqvist');
});
afterAll(() => running.stop());

const redeemWith = async (secret: string) => (await finance.redeem(await finance.codeFor(browser), { secret })).status;

it('S77 takes the new secret and the one before while a secret is changed, and then only the new one', async () => {
  const [before, after] = [running.db.clientSecret('finance'), 'the-next-secret-of-finance'];
  const sealed = createSealer(running.db.encryptionKey).seal(after, 'client_secret:finance');
  await running.db.owner.query(
    `UPDATE protocol.client_registration SET previous_secret = secret, secret = $1 WHERE client_id = 'finance'`,
    [sealed],
  );
  await expect.poll(() => redeemWith(after)).toBe(200);
  expect(await redeemWith(before)).toBe(200);
  expect(await redeemWith('neither')).toBe(401);

  await running.db.owner.query(
    `UPDATE protocol.client_registration SET previous_secret = NULL WHERE client_id = 'finance'`,
  );
  await expect.poll(() => redeemWith(before)).toBe(401);
  expect(await redeemWith(after)).toBe(200);
});

it('S90 opens a secret only where it was sealed', async () => {
  await running.db.owner.query(
    `UPDATE protocol.client_registration SET secret = (
       SELECT secret FROM protocol.client_registration WHERE client_id = 'console') WHERE client_id = 'service-desk'`,
  );
  const sealer = createSealer(running.db.encryptionKey);
  const registry = createClientRegistry(running.pool, sealer, { on() {}, live: false, async close() {} });
  await expect(registry.metadataOf('service-desk')).rejects.toMatchObject({ code: 'sealed_value_unusable' });
});

it('reads clients anew at each request while notifications of changes cannot arrive', async () => {
  const sealer = createSealer(running.db.encryptionKey);
  const registry = createClientRegistry(running.pool, sealer, { on() {}, live: false, async close() {} });
  expect(await registry.metadataOf('console')).toMatchObject({ client_name: 'Console' });
  await running.db.owner.query(`UPDATE directory.app SET title = 'Control room' WHERE client_id = 'console'`);
  expect(await registry.metadataOf('console')).toMatchObject({ client_name: 'Control room' });
  expect(await registry.metadataOf('nobody')).toBeUndefined();
});
