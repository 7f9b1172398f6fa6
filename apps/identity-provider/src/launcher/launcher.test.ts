import { type Answer, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { appsNamed } from './apps-named.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
afterAll(() => running.stop());

const signedIn = async (login: string) => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, login);
  return browser;
};
const tilesOf = (page: Answer) => {
  const html = load(page.body);
  return html('.tile strong')
    .map((_, tile) => html(tile).text())
    .get();
};

describe('your apps', () => {
  it('leads to the sign-in page first, and back', async () => {
    const page = await createBrowser().visit(`${running.issuer}/`);
    expect(load(page.body)('main').text()).toContain('to see your apps');
  });

  it.each(['tomas.reyes', 'ruth.abara', 'noor.haddad', 'lena.novak'])(
    'C26 shows %s exactly the apps that let them in',
    async (login) => {
      const { rows: apps } = await running.db.owner.query<{ client_id: string; title: string; url: string }>(
        'SELECT client_id, title, url FROM directory.app ORDER BY position, title',
      );
      const browser = await signedIn(login);
      const letIn: string[] = [];
      for (const { client_id, title, url } of apps) {
        const app = relyingParty(running, client_id, Number(new URL(url).port));
        const answer = await browser.visit(app.authorizationUrl({ prompt: 'none' }), { follow: false });
        if (answer.headers.location?.includes('code=')) letIn.push(title);
        else expect(answer.headers.location).toContain('error=access_denied');
      }
      expect(tilesOf(await browser.visit(`${running.issuer}/`))).toEqual(letIn);
    },
  );

  it('shows the roles and the designations of today', async () => {
    const page = await (await signedIn('samuel.price')).visit(`${running.issuer}/`);
    const text = load(page.body)('main').text();
    expect(text).toContain('Finance Assistant');
    expect(text).toContain('Head of Human Resources');
    expect(load(page.body)('.tile .badge').length).toBeGreaterThan(0);
  });

  it('dresses each tile in the colour of its app', async () => {
    const html = load((await (await signedIn('samuel.price')).visit(`${running.issuer}/`)).body);
    const accentOf = (title: string) => html(`.tile:has(strong:contains("${title}"))`).attr('data-accent');
    expect([accentOf('Finance'), accentOf('Human Resources')]).toEqual(['moss', 'plum']);
  });

  it('tells a new joiner without access what to do', async () => {
    const page = await (await signedIn('lena.novak')).visit(`${running.issuer}/`);
    expect(tilesOf(page)).toEqual([]);
    expect(load(page.body)('main').text()).toContain('No app is open to you yet');
  });

  it('has an address worth keeping after the sign-in that it asked for', async () => {
    const browser = await signedIn('samuel.price');
    const back = await browser.visit(`${running.issuer}/?iss=${encodeURIComponent(running.issuer)}`, { follow: false });
    expect([back.status, back.headers.location]).toEqual([303, '/']);
  });

  it('does not send somebody who just cancelled to the sign-in page again', async () => {
    const page = await createBrowser().visit(`${running.issuer}/?error=access_denied`);
    expect(load(page.body)('h1').text()).toBe('You are not signed in');
  });
});

describe('C53 whoever has many apps', () => {
  const apps = ['Finance', 'Human Resources', 'État civil'].map((title) => ({ title, description: `${title} of all` }));

  it.each([
    ['', ['Finance', 'Human Resources', 'État civil']],
    ['resources HUMAN', ['Human Resources']],
    ['etat', ['État civil']],
    ['E\u0301tat', ['État civil']],
    ['payroll', []],
  ])('finds by %j', (search, titles) => {
    expect(appsNamed(search, apps).map(({ title }) => title)).toEqual(titles);
  });

  it('shows what was searched for, also to somebody who has few', async () => {
    const browser = await signedIn('samuel.price');
    expect(tilesOf(await browser.visit(`${running.issuer}/?search=finance`))).toEqual(['Finance']);
    const none = load((await browser.visit(`${running.issuer}/?search=%3Cb%3E`)).body)('main').text();
    expect(none).toContain('None of your apps is called “<b>”');
  });
});

describe('signing out of everything', () => {
  const signOut = async (browser: ReturnType<typeof createBrowser>, changes = {}) => {
    const page = await browser.visit(`${running.issuer}/`);
    const token = String(load(page.body)('form[action="/sign-out"] [name=_csrf]').val());
    return browser.submit(`${running.issuer}/sign-out`, { _csrf: token, ...changes });
  };
  const finance = () => relyingParty(running, 'finance', 4003);
  const silent = { prompt: 'none' };

  it('ends the session at once and shows what became of each app', async () => {
    const browser = await signedIn('tomas.reyes');
    await finance().codeFor(browser);
    const receipt = await signOut(browser);
    expect(load(receipt.body)('h1').text()).toBe('You are signed out');
    expect(load(receipt.body)('main').text()).toMatch(/Finance\s+Signed out/);
    const answer = await browser.visit(finance().authorizationUrl(silent), { follow: false });
    expect(answer.headers.location).toContain('error=login_required');
  });

  it('S21 is refused without the token of this session', async () => {
    const browser = await signedIn('tomas.reyes');
    expect((await signOut(browser, { _csrf: 'forged' })).status).toBe(403);
    expect(await finance().codeFor(browser, silent)).toBeTruthy();
  });
});
