import { listRememberedDevices, rememberDevice } from '@gatehouse/accounts';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { csrfOf, mainOf, stepUrl, titleOf } from '../../testing/pages.ts';
import { createPasskey } from '../../testing/passkey.ts';
import { relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

// What a browser does with a passkey is tested with one: apps/e2e/src/journeys/passkey.test.ts.

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
afterAll(() => running.stop());

it('without JavaScript a passkey cannot be added, and the page says why; the name is kept', async () => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, 'tomas.reyes');
  const page = await browser.visit(`${running.issuer}/account/passkeys/new`);
  const challenge = String(load(page.body)('[name=challenge]').val());
  const form = { _csrf: csrfOf(page), challenge, name: 'My phone', response: '' };
  for (const fields of [form, { ...form, challenge: 'forged' }, { ...form, response: '{"id":"x"}' }]) {
    const answer = await browser.submit(`${running.issuer}/account/passkeys`, fields);
    expect(answer.status).toBe(422);
    expect(mainOf(answer)).toContain('did not make a passkey');
    expect(load(answer.body)('[name=name]').val()).toBe('My phone');
  }
});

it('a passkey that is added makes every remembered device forgotten', async () => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, 'amelia.hart');
  const personId = await running.db.personId('amelia.hart');
  const { moment } = await running.db.owns(personId);
  await rememberDevice(running.pool, { personId, moment, device: 'Firefox on Linux' });
  const remembered = async () => (await listRememberedDevices(running.pool, personId)).length;
  expect(await remembered()).toBe(1);

  const page = load((await browser.visit(`${running.issuer}/account/passkeys/new`)).body);
  const options = JSON.parse(String(page('[data-passkey-registration]').attr('data-passkey-registration')));
  const answer = await browser.submit(`${running.issuer}/account/passkeys`, {
    _csrf: String(page('[name=_csrf]').val()),
    challenge: String(page('[name=challenge]').val()),
    name: 'My phone',
    response: createPasskey(running.issuer).register(options.challenge),
  });
  expect(mainOf(answer)).toContain('My phone');
  expect(await remembered()).toBe(0);
});

it('S34 nonsense in place of a passkey signs nobody in', async () => {
  const finance = relyingParty(running, 'finance', 4003);
  const browser = createBrowser();
  const page = await browser.visit(finance.authorizationUrl());
  expect(load(page.body)('form[data-passkey-sign-in]').attr('hidden')).toBeDefined();
  expect(load(page.body)('[autocomplete~="webauthn"]')).toHaveLength(1);
  for (const response of ['', 'null', '[]', '{"id":"AAAA","response":{}}']) {
    const answer = await browser.submit(stepUrl(page, 'passkey'), { _csrf: csrfOf(page), response }, { follow: false });
    expect([answer.status, titleOf(answer)]).toEqual([422, 'Sign in']);
    // The page after a refusal asks no authenticator by itself: one that agrees unasked would send for ever.
    expect(load(answer.body)('[autocomplete~="webauthn"]')).toHaveLength(0);
  }
  const silent = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
  expect(silent.headers.location).toContain('error=login_required');
});
