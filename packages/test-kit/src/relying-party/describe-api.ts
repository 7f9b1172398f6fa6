import { randomUUID } from 'node:crypto';
import { declaredRoutes, undeclaredRoutes } from '@gatehouse/web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examplePath, nameOf } from './routes.ts';
import { type CallingApp, signInAtCaller } from './sign-in-at-caller.ts';
import { endSignIns } from './sign-ins.ts';
import { type RelyingParty, type RunningRelyingParty, startRelyingParty } from './start-relying-party.ts';
import { withoutBudget } from './without-budget.ts';

/**
 * The contract of every app that only other apps call: each of its routes is declared for a scope and takes an access
 * token for this API, on behalf of a person who is still signed in at the caller, and nothing else.
 */
export function describeApi(relyingParty: RelyingParty): void {
  const { clientId } = relyingParty.manifest;

  describe(`${clientId} is an API`, () => {
    let rp: RunningRelyingParty;
    let caller: CallingApp;
    beforeAll(async () => {
      rp = await startRelyingParty(relyingParty);
      caller = await signInAtCaller(rp, 'tomas.reyes');
    });
    afterAll(() => rp?.close());

    const routes = () =>
      declaredRoutes(rp.app).map((route) => {
        const { allow } = route;
        const scope = typeof allow === 'object' && 'scope' in allow ? allow.scope : expect.fail(nameOf(route));
        return { name: nameOf(route), path: examplePath(route), scope, body: route.method === 'get' ? undefined : {} };
      });
    const statuses = (claims: Record<string, unknown> = {}) =>
      Promise.all(routes().map(async ({ path, scope, body }) => (await caller.send(path, scope, body, claims)).status));
    const each = (status: number) => routes().map(() => status);

    it('D2 declares all its routes, each for a scope of its manifest', () => {
      expect(undeclaredRoutes(rp.app)).toEqual([]);
      expect(routes()).not.toEqual([]);
      const scopes = Object.keys(relyingParty.manifest.api?.scopes ?? {});
      for (const { name, scope } of routes()) expect(scopes, name).toContain(scope);
    });

    it('S109 answers each place so many requests and no more, each of them', async () => {
      expect(await withoutBudget(rp)).toEqual([]);
    });

    it('R38 S70 C13 wants a bearer token, each of them', async () => {
      for (const { name, path, body } of routes()) {
        const answer = await fetch(`${rp.url}${path}`, { method: body ? 'POST' : 'GET' });
        expect([answer.status, answer.headers.get('www-authenticate')], name).toEqual([
          401,
          expect.stringMatching(/^Bearer realm=/),
        ]);
      }
    });

    it.each([
      ['another audience', { aud: 'http://localhost:9/api' }, 401],
      ['an expired token', { exp: 1 }, 401],
      ['a sign-in that nobody knows', { sid: randomUUID() }, 401],
      ['another person than signed in', { sub: randomUUID() }, 401],
      ['another scope', { scope: 'openid' }, 403],
    ])('R38 refuses %s, each of them, and takes what is right', async (_, claims, status) => {
      expect(await statuses(claims)).toEqual(each(status));
      for (const right of await statuses()) expect([401, 403, 500]).not.toContain(right);
    });

    it('S74 refuses once the person is disabled or the sign-in has ended', async () => {
      await rp.db.owner.query(`UPDATE directory.person SET status = 'disabled' WHERE id = $1`, [caller.personId]);
      expect(await statuses()).toEqual(each(401));
      await rp.db.owner.query(`UPDATE directory.person SET status = 'active' WHERE id = $1`, [caller.personId]);
      expect(await statuses()).not.toContain(401);
      await endSignIns(rp.db.owner, [caller]);
      expect(await statuses()).toEqual(each(401));
    });

    it('C51 knows the addresses that browsers and people expect', async () => {
      const at = (path: string) => fetch(`${rp.url}${path}`, { redirect: 'manual' });
      expect(await (await at('/robots.txt')).text()).toContain('Disallow: /');
      expect((await at('/.well-known/change-password')).headers.get('location')).toMatch(/\/account\/password$/);
    });

    it.each([
      ['/livez', 200],
      ['/readyz', 200],
      ['/no-such-path', 404],
    ])('answers %s with JSON and no cookie', async (path, status) => {
      const { status: answered, headers } = await fetch(`${rp.url}${path}`);
      expect([answered, headers.get('content-type'), headers.get('set-cookie')]).toEqual([
        status,
        expect.stringContaining('application/json'),
        null,
      ]);
    });
  });
}
