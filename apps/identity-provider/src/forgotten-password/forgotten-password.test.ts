import { createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csrfOf, mainOf, titleOf } from '../../testing/pages.ts';
import { relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
beforeEach(() => running.db.owner.query('DELETE FROM credentials.throttle'));
afterAll(() => running.stop());

const ask = async (login: string, headers: Record<string, string> = {}) => {
  const browser = createBrowser();
  const page = await browser.visit(`${running.issuer}/forgotten-password`);
  return browser.submit(`${running.issuer}/forgotten-password`, { _csrf: csrfOf(page), login }, { headers });
};
const mailsTo = async (address: string) => (await running.mailbox.list()).filter(({ to }) => to.address === address);
/** The link in the latest mail to an address, once it is there. */
const linkTo = async (address: string) => {
  await expect.poll(async () => (await mailsTo(address)).length).toBeGreaterThan(0);
  return String(/https?:\/\/\S+/.exec((await mailsTo(address))[0]?.text ?? ''));
};
const choose = async (link: string, password: string) => {
  const browser = createBrowser();
  const page = await browser.visit(link);
  const token = String(load(page.body)('[name=token]').val());
  const form = { _csrf: csrfOf(page), token, password, repeated: password };
  return browser.submit(`${running.issuer}/set-password`, form);
};

describe('a forgotten password', () => {
  it('S40 is replaced by a link in a mail, which works once, ends every session and is announced', async () => {
    const elsewhere = createBrowser();
    await signIn(elsewhere, running.issuer, 'grace.lindqvist');
    const answer = await ask('grace.lindqvist');
    expect(titleOf(answer)).toBe('Look into your mail');
    const link = await linkTo('grace.lindqvist@harbour.example');
    expect(titleOf(await choose(link, 'seven quiet otters dancing'))).toBe('Your password is set');

    const again = await createBrowser().visit(link);
    expect([again.status, titleOf(again)]).toEqual([410, 'This link no longer works']);
    const finance = relyingParty(running, 'finance', 4003);
    const silent = await elsewhere.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    expect(silent.headers.location).toContain('error=login_required');
    await expect
      .poll(async () => (await mailsTo('grace.lindqvist@harbour.example'))[0]?.text)
      .toContain('Your password was set by a link');
  });

  it('takes the e-mail address too', async () => {
    await ask('  Amelia.Hart@Harbour.example ');
    expect(await linkTo('amelia.hart@harbour.example')).toContain('/set-password?token=');
  });

  it('S39 leads to the issuer, whatever the request says about the host', async () => {
    await ask('dev.patel', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', forwarded: 'host=evil' });
    expect(new URL(await linkTo('dev.patel@harbour.example')).origin).toBe(running.issuer);
    const page = await createBrowser().visit(`${running.issuer}/forgotten-password`, {
      headers: { host: 'evil.example' },
    });
    expect(page.status).toBeGreaterThanOrEqual(400);
  });

  it('S33 answers alike for somebody who exists, who does not, and who is disabled', async () => {
    const answers = [];
    for (const login of ['ruth.abara', 'nobody.here', 'victor.stone']) {
      const { status, body } = await ask(login);
      answers.push({ status, body: body.replace(/name="_csrf" value="[^"]*"/g, '') });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    await linkTo('ruth.abara@harbour.example');
    expect(await mailsTo('victor.stone@harbour.example')).toEqual([]);
  });

  it('S30 S110 sends three mails at most at once, and refuses nobody for what others asked; signing in is left alone', async () => {
    for (const login of ['yusuf.demir', 'nobody.here']) {
      for (let request = 0; request < 4; request++) await ask(login);
      expect(titleOf(await ask(login))).toBe('Look into your mail');
    }
    await expect.poll(async () => (await mailsTo('yusuf.demir@harbour.example')).length).toBe(3);
    await signIn(createBrowser(), running.issuer, 'yusuf.demir');
  });

  it('S110 has a lane of its own where the person signed in before', async () => {
    const owners = createBrowser();
    await signIn(owners, running.issuer, 'uma.iyer');
    for (let request = 0; request < 4; request++) await ask('uma.iyer');
    await expect.poll(async () => (await mailsTo('uma.iyer@harbour.example')).length).toBe(3);
    const page = await owners.visit(`${running.issuer}/forgotten-password`);
    const form = { _csrf: csrfOf(page), login: 'uma.iyer@harbour.example' };
    expect(titleOf(await owners.submit(`${running.issuer}/forgotten-password`, form))).toBe('Look into your mail');
    await expect.poll(async () => (await mailsTo('uma.iyer@harbour.example')).length).toBe(4);
  });

  it('S30 makes a place wait that asks for very many people', async () => {
    for (let n = 0; n < 30; n++) await ask(`nobody.${n}`);
    const answer = await ask('grace.lindqvist');
    expect(answer.status).toBe(429);
    expect(mainOf(answer)).toContain('Too many requests. Wait');
    expect(load(answer.body)('[name=login]').val()).toBe('grace.lindqvist');
  });

  it('S90 stands in the database as a hash only', async () => {
    await ask('samuel.price');
    const token = new URL(await linkTo('samuel.price@harbour.example')).searchParams.get('token') ?? 'none';
    const { rows } = await running.db.owner.query('SELECT l::text AS row FROM credentials.one_time_link l');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ row }) => row).join()).not.toContain(token);
  });

  it('is offered on the sign-in page', async () => {
    const page = await createBrowser().visit(relyingParty(running, 'finance', 4003).authorizationUrl());
    expect(load(page.body)('a[href="/forgotten-password"]').text()).toBe('Forgotten your password?');
  });

  it('says at the field that a login is missing', async () => {
    const answer = await ask('');
    expect(answer.status).toBe(422);
    expect(load(answer.body)('#field-login-error').text()).toContain('Enter your login');
  });
});
