import { findClient } from '@gatehouse/clients';
import { createSealer } from '@gatehouse/encryption';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { loadSigningKeys } from '../protocol/index.ts';

let running: RunningProvider;
let twin: RunningProvider;
let noor: string;
/** Of an administrator, as the console got it at their sign-in. */
let token: string;
const library = { client_name: 'Library', redirect_uris: ['http://localhost:7100/cb'] };

beforeAll(async () => {
  running = await startProvider();
  twin = await startProvider({ db: running.db, issuer: running.issuer });
  noor = await running.db.personId('noor.haddad');
  token = await tokenFor('noor.haddad');
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});

async function tokenFor(login: string, app = 'console', port = 4001): Promise<string> {
  const browser = createBrowser();
  await signIn(browser, running.issuer, login);
  const client: RelyingParty = relyingParty(running, app, port);
  const wishes = { scope: 'openid clients:manage', resource: `${running.issuer}/api` };
  const response = await client.redeem(await client.codeFor(browser, wishes));
  return ((await response.json()) as { access_token: string }).access_token;
}

async function call(method: string, path: string, body: object = {}, bearer: string | undefined = token) {
  const response = await fetch(`${running.issuer}/api/clients${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
    body: JSON.stringify(body),
  });
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

const add = async (metadata: object = library) => (await call('POST', '', { metadata })).body.credentials;
const auditOf = async (clientId: string) => {
  const { rows } = await running.db.owner.query(
    'SELECT type, actor_person_id AS actor, request_id AS request, detail FROM audit.event WHERE client_id = $1 ORDER BY id',
    [clientId],
  );
  return rows;
};

describe('P42 the API by which the console changes clients', () => {
  it('registers, changes, rotates, retires and removes in the name of the administrator', async () => {
    const { client_id: id, client_secret: secret } = await add();
    const { updated_at: seenAt } = (await findClient(running.pool, id))!;
    const changed = await call('PUT', `/${id}`, { metadata: { ...library, client_name: 'Archive' }, seen_at: seenAt });
    expect(changed.body).toEqual({ client_id: id, changed: ['client_name'], ignored: [] });
    expect((await call('PUT', `/${id}`, { metadata: library, seen_at: seenAt })).body.error).toBe('client_changed');
    const rotated = await call('POST', `/${id}/secret`);
    expect(rotated.body.client_secret).not.toBe(secret);
    expect((await call('DELETE', `/${id}/previous-secret`)).status).toBe(200);
    expect((await call('DELETE', `/${id}`)).body).toEqual({ ended: 0 });
    expect((await call('DELETE', `/${id}`)).status).toBe(404);

    const events = await auditOf(id);
    expect(events.map(({ type }) => type)).toEqual([
      'client.registered',
      'client.changed',
      'client.secret_rotated',
      'client.secret_retired',
      'client.removed',
    ]);
    for (const { actor, request } of events) expect([actor, request]).toEqual([noor, expect.any(String)]);
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(JSON.stringify(events)).not.toContain(rotated.body.client_secret);
  });

  it('names every fault of every field, as the command does', async () => {
    const refused = await call('POST', '', {
      metadata: { client_name: '', redirect_uris: ['http://elsewhere.example/'] },
    });
    expect([refused.status, refused.body]).toMatchObject([
      422,
      {
        error: 'metadata_invalid',
        faults: ['client_name: must not be empty', 'redirect_uris[0]: must be https (http is for this machine only)'],
      },
    ]);
  });

  it.each([
    ['\0', 400],
    ['\ud800', 400],
    ['é', 200],
  ])('S111 takes a name with %j as PostgreSQL can hold it: %i', async (character, status) => {
    const metadata = { ...library, client_id: undefined, client_name: `Library ${character}` };
    expect((await call('POST', '', { metadata })).status).toBe(status);
  });

  it('leaves apps of this repository alone', async () => {
    for (const [method, path] of [
      ['PUT', '/finance'],
      ['DELETE', '/finance'],
      ['POST', '/finance/secret'],
    ] as const) {
      expect((await call(method, path, { metadata: library })).body.error).toBe('client_is_first_party');
    }
    expect((await call('POST', '', { metadata: { ...library, client_id: 'finance' } })).body.error).toBe(
      'client_exists',
    );
  });

  it('S77 is obeyed by every instance at its next request', async () => {
    const { client_id: id } = await add();
    await expect.poll(() => twin.clients.metadataOf(id)).toMatchObject({ client_name: 'Library' });
    const uri = 'http://localhost:7200/other';
    await call('PUT', `/${id}`, { metadata: { ...library, redirect_uris: [uri] } });
    await expect.poll(() => twin.clients.metadataOf(id)).toMatchObject({ redirect_uris: [uri] });
    await call('DELETE', `/${id}`);
    await expect.poll(() => twin.clients.metadataOf(id)).toBeUndefined();
  });
});

describe('S70 it refuses', () => {
  const every: [string, string][] = [
    ['POST', ''],
    ['PUT', '/library'],
    ['DELETE', '/library'],
    ['POST', '/library/secret'],
    ['DELETE', '/library/previous-secret'],
  ];

  it.each(every)('%s %s without a token, and says how to ask', async (method, path) => {
    const refused = await call(method, path, {}, '');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm/);
  });

  it('an auditor', async () => {
    const refused = await call('POST', '', { metadata: library }, await tokenFor('ruth.abara'));
    expect([refused.status, refused.body.error]).toEqual([403, 'administrator_required']);
  });

  it('S106 whoever was an administrator when they signed in, and is none any more', async () => {
    const sub = decodeJwt(token).sub;
    const withdraw = `UPDATE directory.appointment SET ends_on = directory.today() - 1, starts_on = directory.today() - 2
                      WHERE person_id = $1 RETURNING id`;
    const { rows } = await running.db.owner.query(withdraw, [sub]);
    expect((await call('POST', '', { metadata: library })).status).toBe(401);
    await running.db.owner.query('UPDATE directory.appointment SET ends_on = NULL WHERE id = ANY ($1)', [
      rows.map(({ id }) => id),
    ]);
    expect((await call('POST', '', { metadata: library })).status).toBe(200);
  });

  it('a token whose sign-in has ended, though it has not expired', async () => {
    const old = await tokenFor('noor.haddad');
    expect((await call('POST', '', { metadata: library }, old)).status).toBe(200);
    await running.db.owner.query('UPDATE app_sessions.sign_in SET ended_at = now() WHERE sid = $1', [
      decodeJwt(old).sid,
    ]);
    expect((await call('POST', '', { metadata: library }, old)).status).toBe(401);
  });

  it.each([
    ['another audience', { aud: 'http://localhost:4002/api' }],
    ['another issuer', { iss: 'http://localhost:9' }],
    ['another client', { client_id: 'finance' }],
    ['another person', { sub: '00000000-0000-4000-8000-000000000000' }],
    ['an earlier expiry', { exp: 1 }],
    ['no sign-in', { sid: undefined }],
  ])('a token with %s, and takes it as it was', async (_, claims) => {
    const genuine = decodeJwt(token);
    expect((await call('POST', '', { metadata: library }, await signed({ ...genuine, ...claims }))).status).toBe(401);
    expect((await call('POST', '', { metadata: library }, await signed(genuine))).status).toBe(200);
  });

  it('a token of another kind, without the scope, or signed with a key that is not ours', async () => {
    const genuine = decodeJwt(token);
    const status = async (bearer: string) => (await call('POST', '', { metadata: library }, bearer)).status;
    expect(await status(await signed(genuine, { typ: 'JWT' }))).toBe(401);
    expect(await status(await signed({ ...genuine, scope: 'openid' }))).toBe(403);
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
    expect(await status(await signed(genuine, {}, privateKey))).toBe(401);
    expect(await status(await signed(genuine, { kid: 'unknown' }))).toBe(401);
  });

  it('any other client that asks for a token for it', async () => {
    await expect(tokenFor('noor.haddad', 'service-desk', 4004)).rejects.toThrow(/invalid_target/);
  });

  async function signed(claims: JWTPayload, header: object = {}, otherKey?: CryptoKey): Promise<string> {
    const { keys } = await loadSigningKeys(running.pool, createSealer(running.db.encryptionKey));
    const jwk = keys.find(({ alg }) => alg === 'ES256')!;
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: String(jwk.kid), ...header })
      .sign(otherKey ?? (await importJWK(jwk as JWK, 'ES256')));
  }
});
