import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parameterOf, type RelyingParty, relyingParty } from '../../../testing/relying-party.ts';
import { signIn } from '../../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../../testing/start-provider.ts';

let running: RunningProvider;
let browser: Browser;
let finance: RelyingParty;
let humanResources: RelyingParty;

beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
  humanResources = relyingParty(running, 'human-resources', 4002);
});
beforeEach(async () => {
  browser = createBrowser();
  await signIn(browser, running.issuer, 'grace.lindqvist');
});
afterAll(() => running.stop());

interface Tokens {
  id_token: string;
  access_token: string;
}

const tokensAt = async (app: RelyingParty, who = browser): Promise<Tokens> =>
  (await (await app.redeem(await app.codeFor(who))).json()) as Tokens;

const end = async (query: Record<string, string>, who = browser) => {
  const answer = await who.visit(`${running.issuer}/session/end?${new URLSearchParams(query)}`, { follow: false });
  const isKept = answer.headers.location === '/session/end';
  return isKept ? who.visit(`${running.issuer}/session/end`, { follow: false }) : answer;
};

const isSignedIn = async (who = browser): Promise<boolean> => {
  const answer = await who.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
  return (answer.headers.location ?? '').includes('code=');
};

function confirmation(page: Answer): Record<string, string> {
  return { xsrf: page.body.match(/name="xsrf" value="([^"]+)"/)?.[1] ?? '', logout: 'yes' };
}

const confirm = (form: Record<string, string>, who = browser) =>
  who.submit(`${running.issuer}/session/end/confirm`, form, { follow: false });

describe('an app of ours that shows the ID token of this session', () => {
  it('S56 D5 signs the person out of everything at once, and they see app by app', async () => {
    const tokens = await tokensAt(finance);
    await tokensAt(humanResources);
    const receipt = await end({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: 'http://localhost:4003/',
      state: 'back',
    });
    expect(receipt.status).toBe(200);
    expect(receipt.body).toMatch(/Finance[\s\S]*Signed out/);
    expect(receipt.body).toContain('Human Resources');
    expect(receipt.body).toContain('href="http://localhost:4003/?state=back"');
    expect(await isSignedIn()).toBe(false);
    const me = await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect([me.status, await me.json()]).toMatchObject([401, { error: 'invalid_token' }]);
  });

  it('may be told to do so again, which changes nothing', async () => {
    const { id_token } = await tokensAt(finance);
    await end({ id_token_hint: id_token });
    expect((await end({ id_token_hint: id_token })).status).toBe(200);
  });

  it('ends the session of the ID token where the browser has lost its cookie', async () => {
    const { id_token } = await tokensAt(finance);
    expect((await end({ id_token_hint: id_token }, createBrowser())).body).toContain('Signed out');
    expect(await isSignedIn()).toBe(false);
  });
});

describe('C52 the address of the receipt', () => {
  it.each(['GET', 'POST'])('holds no ID token after a %s, and can be reloaded', async (method) => {
    const { id_token } = await tokensAt(finance);
    const asked = { id_token_hint: id_token, post_logout_redirect_uri: 'http://localhost:4003/', state: 'back' };
    const address = `${running.issuer}/session/end`;
    const receipt =
      method === 'POST'
        ? await browser.submit(address, asked)
        : await browser.visit(`${address}?${new URLSearchParams(asked)}`);
    expect([receipt.status, receipt.url]).toEqual([200, address]);
    expect(receipt.body).toMatch(/Finance[\s\S]*Signed out/);
    expect(await isSignedIn()).toBe(false);
    const reloaded = await browser.visit(address);
    expect([reloaded.status, reloaded.body]).toEqual([
      200,
      expect.stringContaining('href="http://localhost:4003/?state=back"'),
    ]);
    await signIn(browser, running.issuer, 'grace.lindqvist');
    expect((await browser.visit(address)).body).toContain('Sign out?');
    expect(await isSignedIn()).toBe(true);
  });
});

describe('any other sign-out', () => {
  it('S63b is asked about first: an image on a page of another site ends nothing', async () => {
    const page = await browser.visit(`${running.issuer}/session/end`, { follow: false });
    expect(page.body).toContain('Sign out?');
    expect(await isSignedIn()).toBe(true);
    const receipt = await confirm(confirmation(page));
    expect(receipt.body).toContain('You are signed out');
    expect(await isSignedIn()).toBe(false);
  });

  it('S63b is refused without the token of the form', async () => {
    await browser.visit(`${running.issuer}/session/end`);
    for (const form of [{}, { xsrf: 'x', logout: 'yes' }]) expect((await confirm(form)).status).toBe(403);
    const other = createBrowser();
    await signIn(other, running.issuer, 'tomas.reyes');
    const theirs = confirmation(await end({}, other));
    expect((await confirm(theirs)).status).toBe(403);
    expect(await isSignedIn()).toBe(true);
  });

  it('S63b is asked about when the ID token is another session’s or another person’s', async () => {
    const elsewhere = createBrowser();
    await signIn(elsewhere, running.issuer, 'grace.lindqvist');
    const other = createBrowser();
    await signIn(other, running.issuer, 'eleanor.vance');
    for (const who of [elsewhere, other]) {
      const { id_token } = await tokensAt(finance, who);
      expect((await end({ id_token_hint: id_token })).body).toContain('Sign out?');
      expect(await isSignedIn()).toBe(true);
      expect(await isSignedIn(who)).toBe(true);
    }
  });

  it('S63b is refused with an ID token that was changed', async () => {
    const { id_token } = await tokensAt(finance);
    const [header, payload = '', signature] = id_token.split('.');
    const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'somebody-else' };
    const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    expect((await end({ id_token_hint: forged })).status).toBe(400);
    expect((await end({ id_token_hint: 'nonsense' })).status).toBe(400);
    expect(await isSignedIn()).toBe(true);
  });

  it('S63b goes back only to a registered address', async () => {
    const { id_token } = await tokensAt(finance);
    for (const uri of ['https://evil.example/', 'http://localhost:4003/x', 'http://localhost:4002/']) {
      const answer = await end({ id_token_hint: id_token, post_logout_redirect_uri: uri });
      expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
    }
    const page = await end({ post_logout_redirect_uri: 'https://evil.example/' });
    expect((await confirm(confirmation(page))).body).not.toContain('evil.example');
  });

  it('is confirmed once: sent again, the form finds nothing left to end', async () => {
    const form = confirmation(await end({}));
    await confirm(form);
    const again = await confirm(form);
    expect([again.status, again.body]).toEqual([200, expect.stringContaining('You are signed out')]);
  });

  it('may be posted, and is then the same request by GET', async () => {
    const answer = await browser.submit(`${running.issuer}/session/end`, { state: 'a b' }, { follow: false });
    expect([answer.status, answer.headers.location]).toEqual([303, '/session/end']);
    expect((await browser.visit(`${running.issuer}/session/end`)).body).toContain('Sign out?');
  });

  it('goes straight back to an app elsewhere', async () => {
    await running.db.owner.query(`UPDATE directory.app SET first_party = false WHERE client_id = 'service-desk'`);
    const page = await end({
      client_id: 'service-desk',
      post_logout_redirect_uri: 'http://localhost:4004/',
      state: 's',
    });
    const answer = await confirm(confirmation(page));
    await running.db.owner.query(`UPDATE directory.app SET first_party = true WHERE client_id = 'service-desk'`);
    expect(answer.status).toBe(303);
    expect(parameterOf(answer, 'state')).toBe('s');
  });
});
