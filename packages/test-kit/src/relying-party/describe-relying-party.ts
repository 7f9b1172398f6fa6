import { deadForms, declaredRoutes, undeclaredRoutes } from '@gatehouse/web';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Browser, createBrowser, selfPosting } from '../browser.ts';
import { failuresOf } from './hostile-requests.ts';
import { type AppPerson, peopleOf } from './people.ts';
import { examplePath, isAllowed, isApi, nameOf } from './routes.ts';
import { endSignIns } from './sign-ins.ts';
import { type RelyingParty, type RunningRelyingParty, startRelyingParty } from './start-relying-party.ts';
import { withoutBudget } from './without-budget.ts';

export type { RelyingParty } from './start-relying-party.ts';

/**
 * The contract of every app of the organisation: how it signs people in and out, whom it refuses, and that each of its
 * routes is declared and guarded. An app calls this in a test of its own, with how it is made.
 */
export function describeRelyingParty(relyingParty: RelyingParty): void {
  const { clientId } = relyingParty.manifest;

  describe(`${clientId} is a relying party`, () => {
    let rp: RunningRelyingParty;
    let people: AppPerson[];
    let insider: AppPerson;
    /** A page that the insider may open, with its address. */
    let page: string;

    beforeAll(async () => {
      rp = await startRelyingParty(relyingParty);
      people = await peopleOf(rp.db.owner, clientId);
      insider = people.find(({ mayOpen }) => mayOpen) ?? expect.fail('nobody may open this app');
      const route = pages().find((candidate) => isAllowed(candidate, insider)) ?? expect.fail('there is no page');
      page = `${rp.url}${examplePath(route)}`;
    });
    beforeEach(() => {
      rp.provider.person = insider;
    });
    afterAll(() => rp?.close());

    describe('signing in', () => {
      it('C15 R12 returns to the page that was asked for, with its query', async () => {
        const answer = await createBrowser().visit(`${page}?from=contract`);
        expect([answer.status, answer.url]).toEqual([200, `${page}?from=contract`]);
      });

      it('C55 returns to a long address with odd characters, byte for byte', async () => {
        const address = `${page}?path=C:\\new&filter=${'a%20b%ff'.repeat(400)}`;
        expect((await createBrowser().visit(address)).url).toBe(address);
      });

      it('C8 S51 S55b keeps one cookie, named after the app, out of reach of scripts, without a token', async () => {
        const browser = await signedIn();
        const cookie = (await browser.cookies(rp.url)).find(({ key }) => key === rp.cookieName);
        expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'lax', path: '/', domain: 'localhost' });
        expect(cookie?.value).not.toContain('eyJ');
      });

      it('S46 refuses a login that this browser did not begin', async () => {
        const begun = await createBrowser().visit(`${rp.url}/auth/login`, { follow: false });
        const returned = await createBrowser().visit(begun.headers.location ?? '', { follow: false });
        const victim = createBrowser();
        const answer = await victim.visit(returned.headers.location ?? '', { follow: false });
        expect(answer.status).toBe(400);
        expect((await victim.fetch(page)).status).toBe(401);
      });

      it('S49 does not return to another origin', async () => {
        const answer = await createBrowser().visit(`${rp.url}/auth/login?return_to=//evil.example/`);
        expect(new URL(answer.url).origin).toBe(rp.url);
      });

      it('C16 R29 answers a script with 401 and the login URL', async () => {
        const answer = await createBrowser().fetch(page);
        expect([answer.status, answer.json()]).toEqual([401, expect.objectContaining({ error: 'login_required' })]);
      });

      it('C25 S65 refuses who may not open this app, with a page', async () => {
        const outsider = people.find(({ mayOpen }) => !mayOpen);
        if (!outsider) return expect(relyingParty.manifest.access).toBe('everyone');
        rp.provider.person = outsider;
        const answer = await createBrowser().visit(page);
        expect([answer.status, answer.headers['content-type']]).toEqual([403, expect.stringContaining('text/html')]);
      });
    });

    describe('signing out', () => {
      it('C23 R34 ends the app session and the session at the provider', async () => {
        const browser = await signedIn();
        const stolen = browser.clone();
        const answer = await submit(browser, '/auth/logout', { follow: false });
        const { action, fields } = selfPosting(answer.body) ?? expect.fail(answer.body);
        expect([action, fields]).toEqual([
          `${rp.provider.issuer}/session/end`,
          expect.objectContaining({ id_token_hint: expect.any(String) }),
        ]);
        expect((await stolen.fetch(page)).status).toBe(401);

        rp.provider.person = undefined;
        await browser.submit(action, fields);
        expect((await browser.visit(page)).url).toContain(`${rp.provider.issuer}/auth`);
      });

      it('S21 does not sign out without the token of a form', async () => {
        const browser = await signedIn();
        expect((await browser.submit(`${rp.url}/auth/logout`)).status).toBe(403);
        expect((await browser.fetch(page)).status).toBe(200);
      });

      it('R47 S62 ends the session that a logout token names, and only that', async () => {
        const signIns: { sid: string }[] = [];
        const { onSignIn } = rp.provider.hooks;
        rp.provider.hooks.onSignIn = async (signIn) => {
          signIns.push(signIn);
          await onSignIn?.(signIn);
        };
        const [one, two] = [await signedIn(), await signedIn()];
        if (onSignIn) rp.provider.hooks.onSignIn = onSignIn;
        const token = await rp.provider.logoutToken(clientId, { sub: insider.sub, sid: signIns[0]?.sid ?? '' });
        expect((await sendLogoutToken(token)).status).toBe(200);
        expect([(await one.fetch(page)).status, (await two.fetch(page)).status]).toEqual([401, 200]);
      });

      it.each(['bad_signature', 'wrong_aud', 'with_nonce'] as const)(
        'S61 refuses a logout token: %s',
        async (wrong) => {
          const browser = await signedIn();
          const answer = await sendLogoutToken(await rp.provider.logoutToken(clientId, { sub: insider.sub }, wrong));
          expect(answer.status).toBe(400);
          expect((await browser.fetch(page)).status).toBe(200);
        },
      );

      it('S74 obeys on the next request when the sign-in ends or the person is disabled', async () => {
        const browser = await signedIn();
        await rp.db.owner.query(`UPDATE directory.person SET status = 'disabled' WHERE id = $1`, [insider.sub]);
        expect((await browser.fetch(page)).status).toBe(401);
        await rp.db.owner.query(`UPDATE directory.person SET status = 'active' WHERE id = $1`, [insider.sub]);
        expect((await browser.fetch(page)).status).toBe(200);
        await endEverySignIn();
        expect((await browser.fetch(page)).status).toBe(401);
      });
    });

    describe('its routes', () => {
      it('D2 are all declared', () => {
        expect(undeclaredRoutes(rp.app)).toEqual([]);
      });

      it('C63 leave no dead address where a form failed', () => {
        expect(deadForms(rp.app)).toEqual([]);
      });

      it('S109 answer each place so many requests and no more, each of them', async () => {
        expect(await withoutBudget(rp)).toEqual([]);
      });

      it('S70 C13 refuse the signed-out, each of them', async () => {
        for (const route of declaredRoutes(rp.app).filter(({ allow }) => allow !== 'public')) {
          const url = `${rp.url}${examplePath(route)}`;
          const method = route.method.toUpperCase();
          const answer = await createBrowser().visit(url, { method, follow: false });
          const goesToLogin = answer.status === 302 && answer.headers.location?.startsWith('/auth/login?') === true;
          expect(goesToLogin, nameOf(route)).toBe(method === 'GET' && !isApi(route));
          if (!goesToLogin) expect([401, 403], nameOf(route)).toContain(answer.status);
          if (isApi(route)) expect(answer.headers['www-authenticate'], nameOf(route)).toMatch(/^Bearer /);
        }
      });

      it('S65 S70 refuse whoever has not the role, each of them, and let in who has', async () => {
        for (const route of declaredRoutes(rp.app).filter((candidate) => !isApi(candidate))) {
          const refused = people.find((person) => person.mayOpen && !isAllowed(route, person));
          if (refused) expect(await statusFor(refused, route), nameOf(route)).toBe(403);
          const allowed = people.find((person) => isAllowed(route, person)) ?? expect.fail(nameOf(route));
          expect([401, 403, 500], nameOf(route)).not.toContain(await statusFor(allowed, route));
        }
      });

      it('S66 give nothing for roles that somebody only claims to have', async () => {
        const withoutRole = (route: ReturnType<typeof pages>[number]) =>
          people.find((person) => person.mayOpen && !isAllowed(route, person));
        const route = pages().find((each) => !isApi(each) && withoutRole(each));
        const person = route && withoutRole(route);
        if (!route || !person) return expect(pages().some(withoutRole)).toBe(false);
        const roles = [route.allow].flat().map(String);
        // In userinfo, in a cookie, in the address and in a header.
        rp.provider.person = { ...person, roles };
        const browser = createBrowser();
        await browser.visit(`${rp.url}/auth/login`);
        await browser.plant(`roles=${roles}`, rp.url);
        const url = `${rp.url}${examplePath(route)}?roles=${roles}&role=${roles}`;
        expect((await browser.visit(url, { headers: { 'x-roles': String(roles) } })).status).toBe(403);
        const allowed = people.find((each) => isAllowed(route, each)) ?? expect.fail(nameOf(route));
        expect(await statusFor(allowed, route)).not.toBe(403);
      });

      it('S111 fail on nothing that a request may hold', async () => {
        const browsers = new Map<string, { browser: Browser; token: string }>();
        const as = async (person: AppPerson) => {
          rp.provider.person = person;
          const browser = createBrowser();
          const { body } = await browser.visit(page);
          const known = { browser, token: /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? '' };
          browsers.set(person.sub, known);
          return known;
        };
        const routes = declaredRoutes(rp.app).filter((route) => !isApi(route));
        const fields = new Set<string>();
        const failures: string[] = [];
        // Pages first: they name the fields of the forms.
        for (const route of routes.toSorted((a, b) => a.method.localeCompare(b.method))) {
          const person = people.find((each) => isAllowed(route, each) && each.mayOpen) ?? insider;
          const { browser, token } = browsers.get(person.sub) ?? (await as(person));
          if (route.method === 'get') {
            const { body } = await browser.visit(`${rp.url}${examplePath(route)}`);
            for (const [, name = ''] of body.matchAll(/ name="([\w.-]+)"/g)) if (name !== '_csrf') fields.add(name);
          }
          failures.push(...(await failuresOf(browser, rp.url, route, { fields: [...fields], token })));
        }
        expect(failures).toEqual([]);
        expect((await (await as(insider)).browser.visit(page)).status).toBe(200);
      });

      it('answer an unknown address with a page that bears a reference', async () => {
        const answer = await (await signedIn()).visit(`${rp.url}/no-such-page`);
        expect([answer.status, answer.headers['content-type']]).toEqual([404, expect.stringContaining('text/html')]);
        expect(answer.headers['x-request-id']).toBeTruthy();
      });
    });

    it('S27 S28 sends strict headers with its pages', async () => {
      const { headers } = await (await signedIn()).visit(page);
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
      expect(headers['content-security-policy']).toContain(`form-action 'self' ${rp.provider.issuer}`);
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
      expect(headers['x-powered-by']).toBeUndefined();
    });

    it('C51 knows the addresses that browsers and people expect, and says what each of its own takes', async () => {
      const at = (path: string, method = 'GET') => fetch(`${rp.url}${path}`, { method, redirect: 'manual' });
      expect((await at('/.well-known/change-password')).headers.get('location')).toBe(
        `${rp.provider.issuer}/account/password`,
      );
      expect((await at('/favicon.ico')).status).toBe(302);
      expect(await (await at('/robots.txt')).text()).toContain('Disallow: /');
      for (const route of declaredRoutes(rp.app)) {
        const allow = (await at(examplePath(route), 'OPTIONS')).headers.get('allow');
        expect(allow, nameOf(route)).toContain(route.method.toUpperCase());
      }
    });

    it.each(['/livez', '/readyz'])('answers %s without a session', async (path) => {
      const answer = await createBrowser().visit(`${rp.url}${path}`);
      expect([answer.status, answer.headers['set-cookie']]).toEqual([200, undefined]);
    });

    const pages = () =>
      declaredRoutes(rp.app).filter(
        ({ method, path }) => method === 'get' && !/[:*]/.test(path) && !path.includes('.'),
      );

    async function signedIn(): Promise<Browser> {
      const browser = createBrowser();
      expect((await browser.visit(page)).status).toBe(200);
      return browser;
    }

    async function statusFor(person: AppPerson, route: ReturnType<typeof pages>[number]): Promise<number> {
      rp.provider.person = person;
      const browser = createBrowser();
      await browser.visit(`${rp.url}/auth/login`);
      const path = examplePath(route);
      if (route.method === 'get') return (await browser.visit(`${rp.url}${path}`, { follow: false })).status;
      return (await submit(browser, path, { follow: false, method: route.method.toUpperCase() })).status;
    }

    /** Sends a form with the token that this browser's pages carry. */
    async function submit(browser: Browser, path: string, visit: { follow?: boolean; method?: string }) {
      const { body } = await browser.visit(page);
      const token = /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? expect.fail('the page carries no form token');
      return await browser.submit(`${rp.url}${path}`, { _csrf: token }, visit);
    }

    const sendLogoutToken = (token: string) =>
      createBrowser().submit(`${rp.url}/auth/backchannel-logout`, { logout_token: token });

    async function endEverySignIn(): Promise<void> {
      const { rows } = await rp.db.owner.query('SELECT session_uid AS "sessionUid" FROM app_sessions.sign_in');
      await endSignIns(rp.db.owner, rows);
    }
  });
}
