import { disablePerson } from '@gatehouse/accounts';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendSignIn } from '../testing/pages.ts';
import { relyingParty } from '../testing/relying-party.ts';
import { signIn } from '../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../testing/start-provider.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
beforeEach(() => running.db.owner.query('ALTER TABLE audit.event ADD CONSTRAINT full_disk CHECK (false) NOT VALID'));
afterEach(() => writable());
afterAll(() => running.stop());

const writable = () => running.db.owner.query('ALTER TABLE audit.event DROP CONSTRAINT IF EXISTS full_disk');
const statusOf = async (login: string) =>
  (await running.db.owner.query('SELECT status FROM directory.person WHERE login = $1', [login])).rows[0]?.status;

describe('S95 while the audit cannot be written', () => {
  it('nobody signs in, and the same form does once it can', async () => {
    const finance = relyingParty(running, 'finance', 4003);
    const browser = createBrowser();
    const page = await browser.visit(finance.authorizationUrl());
    const refused = await sendSignIn(browser, page);
    expect([refused.status, refused.headers.location]).toEqual([500, undefined]);
    const silent = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    expect(silent.headers.location).toContain('error=login_required');

    await writable();
    expect((await sendSignIn(browser, await browser.visit(page.url))).status).toBe(303);
  });

  it('who is signed in gets into no further app, and no code becomes tokens', async () => {
    await writable();
    const finance = relyingParty(running, 'finance', 4003);
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'tomas.reyes');
    const code = await finance.codeFor(browser);
    await running.db.owner.query('ALTER TABLE audit.event ADD CONSTRAINT full_disk CHECK (false) NOT VALID');
    const answer = await browser.visit(finance.authorizationUrl(), { follow: false });
    expect(answer.headers.location ?? '').not.toContain('code=');
    expect((await finance.redeem(code)).status).toBe(500);

    await writable();
    expect((await finance.redeem(code)).status).toBe(200);
    expect(await finance.codeFor(browser)).toBeTruthy();
  });

  it('administration changes nothing', async () => {
    const change = {
      personId: await running.db.personId('dev.patel'),
      actorPersonId: await running.db.personId('noor.haddad'),
    };
    await expect(disablePerson(running.db.owner, change)).rejects.toMatchObject({ constraint: 'full_disk' });
    expect(await statusOf('dev.patel')).toBe('active');

    await writable();
    await disablePerson(running.db.owner, change);
    expect(await statusOf('dev.patel')).toBe('disabled');
  });

  it('a refusal stands without its event', async () => {
    const finance = relyingParty(running, 'finance', 4003);
    const answer = await createBrowser().visit(finance.authorizationUrl({ redirect_uri: 'https://evil.example/' }));
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
  });
});
