import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { type ThirdParty, thirdParty } from '../../testing/third-party.ts';
import type { Claim } from './claims.ts';

const login = 'grace.lindqvist';

let running: RunningProvider;
let browser: Browser;
let library: ThirdParty;
beforeAll(async () => {
  running = await startProvider();
  browser = createBrowser();
  await signIn(browser, running.issuer, login);
  library = await thirdParty(running, { client_id: 'library' }, login);
});
afterAll(() => running.stop());

const redeem = async (app: ThirdParty, changes: Record<string, string | undefined> = {}) =>
  (await (await app.redeem(await app.codeFor(browser, changes))).json()) as Record<string, string>;
const userinfo = (token = '') => fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });

describe('P18 the sub', () => {
  const subAt = async (app: ThirdParty) => decodeJwt((await redeem(app)).id_token ?? '').sub;

  it('says nothing about the person and stays, whatever becomes of name, login, e-mail address and designation', async () => {
    const before = await subAt(library);
    expect(before).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    await running.db.owner.query(
      `UPDATE directory.person SET name = 'G. Marlowe', family_name = 'Marlowe', login = 'grace.marlowe', email = 'grace@marlowe.example'
       WHERE id = $1`,
      [before],
    );
    await running.db.owner.query(
      `UPDATE directory.appointment SET designation_id = (SELECT id FROM directory.designation WHERE code = 'finance-assistant')
       WHERE person_id = $1`,
      [before],
    );
    expect(await subAt(library)).toBe(before);
  });

  it('is the same at every client', async () => {
    expect(await subAt(await thirdParty(running, { client_id: 'museum' }, 'grace.marlowe'))).toBe(await subAt(library));
  });
});

it('P21 a claim is made of what people have; one of anything else does not compile', () => {
  const known: Claim = ({ givenName }) => givenName;
  // @ts-expect-error people have no such column
  const unknown: Claim = ({ shoeSize }) => shoeSize;
  expect([known, unknown]).toHaveLength(2);
});

describe('P46 a request of OAuth without openid', () => {
  it('gets an access token and no ID token, and nothing at userinfo', async () => {
    const { id_token: idToken } = await redeem(library, { scope: 'openid email' });
    expect(idToken).toBeTruthy();
    const tokens = await redeem(library, { scope: 'email', nonce: undefined });
    expect(tokens).toMatchObject({ access_token: expect.any(String), token_type: 'Bearer' });
    expect(tokens).not.toHaveProperty('id_token');
    expect((await userinfo(tokens.access_token)).status).toBe(403);
  });
});
