import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csrfOf, mainOf, sendSignIn, titleOf } from '../../testing/pages.ts';
import { type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { thirdParty } from '../../testing/third-party.ts';

let running: RunningProvider;
let finance: RelyingParty;
let browser: Browser;

beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
});
beforeEach(() => {
  browser = createBrowser();
});
afterAll(() => running.stop());

const asks = (languages: string) => ({ headers: { 'accept-language': languages } });
const french = asks('fr-CA, fr;q=0.8, en;q=0.5');
const english = asks('en-GB, en;q=0.8, fr;q=0.5');
const at = (path: string) => `${running.issuer}${path}`;
const languageOf = (page: Answer) => [load(page.body)('html').attr('lang'), page.headers['content-language']];
const inFrench = ['fr', 'fr'];
const inEnglish = ['en', 'en'];

describe('P47 the language of a page', () => {
  it('is what the browser asks for, and English where it asks for none of ours', async () => {
    const page = await browser.visit(finance.authorizationUrl(), french);
    expect([languageOf(page), titleOf(page)]).toEqual([inFrench, 'Connexion']);
    for (const other of [english, asks('de, it;q=0.9'), asks('')]) {
      const inOther = await createBrowser().visit(finance.authorizationUrl(), other);
      expect([languageOf(inOther), titleOf(inOther)]).toEqual([inEnglish, 'Sign in']);
    }
  });

  it('is what the app wishes for, before that: the first of ui_locales that is ours', async () => {
    for (const wish of ['fr', 'de fr-CA en']) {
      const page = await createBrowser().visit(finance.authorizationUrl({ ui_locales: wish }), english);
      expect([languageOf(page), titleOf(page)], wish).toEqual([inFrench, 'Connexion']);
    }
    for (const [headers, language] of [
      [french, 'Connexion'],
      [english, 'Sign in'],
    ] as const) {
      const page = await createBrowser().visit(finance.authorizationUrl({ ui_locales: 'xx' }), headers);
      expect(titleOf(page)).toBe(language);
    }
  });

  it('goes with the interaction, to its errors and to the page for a forgotten password', async () => {
    const page = await browser.visit(finance.authorizationUrl({ ui_locales: 'fr' }), english);
    const refused = await sendSignIn(
      browser,
      page,
      { login: 'tomas.reyes', password: 'not it at all' },
      english.headers,
    );
    expect(languageOf(refused)).toEqual(inFrench);
    const forgotten = await browser.visit(at(String(load(page.body)('a[href^="/forgotten"]').attr('href'))), english);
    expect(titleOf(forgotten)).toBe('Mot de passe oublié\u202F?');
  });

  it('is asked for when signing out, too', async () => {
    await signIn(browser, running.issuer, 'amelia.hart');
    const page = await browser.visit(at('/session/end?ui_locales=fr'), english);
    expect([languageOf(page), titleOf(page)]).toEqual([inFrench, 'Se déconnecter\u202F?']);
    expect(titleOf(await browser.visit(at('/session/end'), english))).toBe('Sign out?');
  });

  it('is the person’s own choice, before all else, from the switch on', async () => {
    const page = await browser.visit(finance.authorizationUrl({ ui_locales: 'en' }), english);
    const link = load(page.body)('.languages a');
    expect([link.attr('lang'), link.text()]).toEqual(['fr', 'Français']);
    const switched = await browser.visit(at(String(link.attr('href'))), english);
    expect([switched.url, titleOf(switched)]).toEqual([page.url, 'Connexion']);
    const elsewhere = await browser.visit(at('/forgotten-password'), english);
    expect([languageOf(elsewhere), load(elsewhere.body)('.languages a').text()]).toEqual([inFrench, 'English']);
    const [cookie] = (await browser.cookies(running.issuer)).filter(({ key }) => key === 'language');
    expect(cookie).toMatchObject({ value: 'fr', httpOnly: true, sameSite: 'lax', path: '/' });
  });

  it('S49 leads nowhere else by the switch', async () => {
    for (const [given, goes] of [
      ['/account/history?before=7', '/account/history?before=7'],
      ['https://evil.example/', '/'],
      ['//evil.example/', '/'],
      ['/\\evil.example/', '/'],
      ['/.//evil.example', '//evil.example'],
      ['javascript:alert(1)', '/'],
    ]) {
      const query = new URLSearchParams({ to: 'fr', return_to: String(given) });
      const answer = await browser.visit(at(`/language?${query}`), { follow: false });
      expect([answer.status, answer.headers.location]).toEqual([303, at(String(goes))]);
    }
    const unknown = await browser.visit(at('/language?to=xx&return_to=/'));
    expect([unknown.status, unknown.headers['set-cookie']]).toEqual([404, undefined]);
  });

  it('is said to caches', async () => {
    const { headers } = await browser.visit(at('/forgotten-password'), french);
    expect(headers.vary).toMatch(/Accept-Language.*Cookie/);
  });

  it('is advertised', async () => {
    const metadata = await browser.fetch(at('/.well-known/openid-configuration'));
    expect(metadata.json()).toMatchObject({ ui_locales_supported: ['en', 'fr'] });
  });
});

describe('P47 in French', () => {
  it('a wrong password and an empty form are said at the fields, and the login is kept', async () => {
    const page = await browser.visit(finance.authorizationUrl(), french);
    const wrong = await sendSignIn(browser, page, { password: 'pas celui-ci du tout' }, french.headers);
    const form = load(wrong.body);
    expect(form('#field-password-error').text()).toBe(
      'Erreur\u202F: L’identifiant ou le mot de passe est incorrect. Vérifiez les deux, puis réessayez.',
    );
    expect(form('[name=login]').val()).toBe('tomas.reyes');
    expect(form('title').text()).toMatch(/^Erreur\u202F: Connexion/);
    const empty = await sendSignIn(browser, page, { login: '', password: '' }, french.headers);
    expect(load(empty.body)('#field-login-error').text()).toContain('Saisissez votre identifiant');
  });

  it('waits are said in words, with their plural', async () => {
    await running.db.owner.query('DELETE FROM credentials.throttle');
    const page = await browser.visit(finance.authorizationUrl(), french);
    let answer: Answer;
    do answer = await sendSignIn(browser, page, { login: 'nobody.here', password: 'x' }, french.headers);
    while (answer.status === 422);
    expect(answer.status).toBe(429);
    expect(mainOf(answer)).toMatch(/Trop de tentatives\. Patientez (?:1 seconde|\d+ secondes), puis réessayez\./);
    await running.db.owner.query('DELETE FROM credentials.throttle');
  });

  it('the account has its dates, its menu and its own title, and names stay what they are', async () => {
    await signIn(browser, running.issuer, 'samuel.price');
    const page = await browser.visit(at('/account'), french);
    expect([languageOf(page), titleOf(page)]).toEqual([inFrench, 'Votre compte']);
    const words = mainOf(page);
    expect(words).toMatch(/depuis le \d{1,2} (?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)\.? \d{4}/);
    expect(words).toContain('Samuel Price');
    expect(load(page.body)('.tabs').text()).toMatch(/Applis\s+Compte\s+Appareils\s+Historique/);
    const history = await browser.visit(at('/account/history'), french);
    expect(mainOf(history)).toMatch(/Connexion.*réseau 127\.0\.0/);
  });

  it('an app of others asks, with what each scope means and how long it holds', async () => {
    const library = await thirdParty(running, { client_id: 'library', client_name: 'Harbour Library' });
    await signIn(browser, running.issuer, 'grace.lindqvist');
    const page = await browser.visit(library.authorizationUrl({ scope: 'openid email', ui_locales: 'fr' }), english);
    expect(titleOf(page)).toBe('Laisser Harbour Library vous connaître\u202F?');
    expect(load(page.body)('.asked strong').text()).toBe('Que c’est bien vousVotre adresse électronique');
    expect(mainOf(page)).toContain('après 90 jours');
    expect(load(page.body)('.plain-card > p strong').first().text()).toBe('Grace Lindqvist');
  });

  it('the page that says why an app does not open', async () => {
    await signIn(browser, running.issuer, 'lena.novak');
    const page = await browser.visit(finance.authorizationUrl(), french);
    expect([page.status, titleOf(page)]).toEqual([403, 'Finance ne vous est pas ouverte']);
    expect(mainOf(page)).toContain('Votre session est ouverte au nom de Lena Novak');
  });

  it('errors: of the protocol, of a form, of an address', async () => {
    const unknown = await browser.visit(at('/auth?client_id=nobody&response_type=code'), french);
    expect(mainOf(unknown)).toContain('L’application qui vous a envoyé ici n’est pas enregistrée');
    const nowhere = await browser.visit(at('/nowhere'), french);
    expect([nowhere.status, titleOf(nowhere)]).toEqual([404, 'Page introuvable']);
    expect(mainOf(nowhere)).toMatch(/Il n’y a pas de page à cette adresse.*Aller à la page d’accueil de Gatehouse/);
    const forged = await browser.submit(at('/forgotten-password'), { login: 'x' }, french);
    expect([forged.status, mainOf(forged).includes('Ce formulaire n’est plus valable')]).toEqual([403, true]);
    const over = await browser.visit(at('/interaction/long-gone'), french);
    expect(titleOf(over)).toBe('Cette page de connexion n’est plus valable');
    const script = await browser.fetch(at('/nowhere'), french);
    expect(script.json()).toMatchObject({ error: 'not_found', error_description: expect.stringContaining('no page') });
    expect(script.headers['content-language']).toBe('en');
  });

  it('the mail that a request causes', async () => {
    const page = await browser.visit(at('/forgotten-password'), french);
    await browser.submit(page.url, { _csrf: csrfOf(page), login: 'amelia.hart' }, french);
    const mails = async () =>
      (await running.mailbox.list()).filter(({ to }) => to.address === 'amelia.hart@harbour.example');
    await expect.poll(async () => (await mails()).length).toBe(1);
    const [mail] = await mails();
    expect(mail?.subject).toBe('Choisissez un nouveau mot de passe');
    expect(mail?.text).toMatch(/^Bonjour Amelia Hart,[^]*une seule fois, pendant \d+ minutes\./);
  });
});
