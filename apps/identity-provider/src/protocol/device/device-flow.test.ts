import { listConsents } from '@gatehouse/clients';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csrfOf, mainOf, stepUrl, titleOf } from '../../../testing/pages.ts';
import { submitSignIn } from '../../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../../testing/start-provider.ts';
import { thirdParty } from '../../../testing/third-party.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const device = {
  client_id: 'meeting-room',
  client_name: 'Meeting room screen',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: [DEVICE_GRANT, 'refresh_token'],
  redirect_uris: [],
};

let running: RunningProvider;
let browser: Browser;
beforeAll(async () => {
  running = await startProvider();
  await thirdParty(running, device);
});
afterAll(() => running.stop());
beforeEach(() => {
  browser = createBrowser();
});

const post = async (path: string, body: Record<string, string>): Promise<Record<string, string>> => {
  const answer = await fetch(running.issuer + path, { method: 'POST', body: new URLSearchParams(body) });
  return (await answer.json()) as Record<string, string>;
};
const start = () => post('/device/auth', { client_id: 'meeting-room', scope: 'openid profile' });
const poll = ({ device_code = '' }) =>
  post('/token', { grant_type: DEVICE_GRANT, client_id: 'meeting-room', device_code });
const fieldsOf = (page: Answer) =>
  Object.fromEntries(
    load(page.body)('form [type=hidden]')
      .toArray()
      .map(({ attribs }) => [String(attribs.name), String(attribs.value)]),
  );
const enter = async (code = '') => {
  const page = await browser.visit(`${running.issuer}/device`);
  expect(titleOf(page)).toBe('Connect a device');
  return browser.submit(`${running.issuer}/device`, { ...fieldsOf(page), user_code: code });
};
const send = (page: Answer, button: 'confirm' | 'abort') =>
  browser.submit(`${running.issuer}/device`, { ...fieldsOf(page), [button]: 'yes' });

async function letIn(code: string | undefined): Promise<Answer> {
  const signInPage = await send(await enter(code), 'confirm');
  const consent = await submitSignIn(browser, signInPage, 'grace.lindqvist', true);
  expect(titleOf(consent)).toBe('Let Meeting room screen know you?');
  return browser.submit(stepUrl(consent, 'allow'), { _csrf: csrfOf(consent) });
}

describe('a device without a browser (RFC 8628)', () => {
  it('gets its tokens once the person has entered its code, signed in and agreed', async () => {
    const started = await start();
    expect(started).toMatchObject({
      user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verification_uri: `${running.issuer}/device`,
      expires_in: 600,
    });
    expect((await poll(started)).error).toBe('authorization_pending');
    const page = await enter(started.user_code?.toLowerCase());
    expect(mainOf(page)).toContain('Meeting room screen');
    expect(mainOf(page)).toContain(started.user_code);
    expect(titleOf(await letIn(started.user_code))).toBe('Your device is connected');

    const tokens = await poll(started);
    expect(tokens).toMatchObject({
      scope: 'openid profile',
      access_token: expect.any(String),
      id_token: expect.any(String),
    });
    const me = await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(await me.json()).toMatchObject({ name: 'Grace Lindqvist' });
    const refreshed = await post('/token', {
      grant_type: 'refresh_token',
      client_id: 'meeting-room',
      refresh_token: String(tokens.refresh_token),
    });
    expect(refreshed.access_token).toBeTruthy();
    expect((await poll(started)).error).toBe('invalid_grant');
    expect(await listConsents(running.pool, await running.db.personId('grace.lindqvist'))).toHaveLength(1);
  });

  it('hears that the person declined', async () => {
    const started = await start();
    const page = await send(await enter(started.user_code), 'abort');
    expect(mainOf(page)).toContain('You declined');
    expect((await poll(started)).error).toBe('access_denied');
  });

  it.each([
    ['spaces and small letters', (code: string) => ` ${code.toLowerCase().replace('-', ' ')} `],
    ['full-width letters', (code: string) => code.replace(/./g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))],
    ['another dash and what nobody sees', (code: string) => `\u{feff}${code.replace('-', '–')}\u{200b}`],
  ])('C57 finds its code in %s, and shows it as the device does', async (_, typed) => {
    const { user_code = '' } = await start();
    expect(mainOf(await enter(typed(user_code)))).toContain(user_code);
    expect(titleOf(await letIn(typed(user_code)))).toBe('Your device is connected');
  });

  it.each([
    ['made up', 'BBBB-CCCC', 'No device shows that code'],
    ['left out', '', 'Enter the code'],
  ])('with a code that is %s gets the form again, with what is wrong', async (_, code, text) => {
    const page = await enter(code);
    expect(titleOf(page)).toBe('Connect a device');
    expect(mainOf(page)).toContain(text);
  });

  it('cannot be let in by a form of another site', async () => {
    const { user_code = '', device_code = '' } = await start();
    const forge = () =>
      browser.submit(`${running.issuer}/device`, { user_code, confirm: 'yes', xsrf: 'forged' }, { follow: false });
    const stranger = await forge();
    expect([stranger.status, stranger.headers.location]).toEqual([302, '/device']);
    await browser.visit(`${running.issuer}/device`);
    const forged = await forge();
    expect([forged.status, titleOf(forged)]).toEqual([400, 'Connect a device']);
    expect((await poll({ device_code })).error).toBe('authorization_pending');
  });

  it('S90 is not let in by what stands in the database', async () => {
    const started = await start();
    await letIn(started.user_code);
    const { rows } = await running.db.owner.query(
      `SELECT payload::text, encode(id_hash, 'base64') AS hash FROM protocol.state WHERE model = 'DeviceCode' ORDER BY expires_at DESC LIMIT 1`,
    );
    expect(rows[0].payload).not.toContain(started.device_code);
    const hash = Buffer.from(rows[0].hash, 'base64').toString('base64url');
    expect((await poll({ device_code: `handle:${hash}` })).error).toBe('invalid_grant');
    expect((await poll(started)).access_token).toBeTruthy();
  });

  it('opens the form filled in from the address that it shows as a whole', async () => {
    const started = await start();
    const page = await browser.visit(String(started.verification_uri_complete));
    expect(page.body).toContain(`name="user_code" value="${started.user_code}"`);
    expect(String(page.headers['content-security-policy'])).toMatch(/script-src [^;]*'sha256-/);
  });
});
