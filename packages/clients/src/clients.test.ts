import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientTools, library, local, refusal } from '../testing/client-tools.ts';
import {
  addClient,
  countClients,
  listClients,
  removeClient,
  retirePreviousSecret,
  rotateSecret,
  updateClient,
} from './index.ts';
import { secretContext } from './secret-context.ts';

let db: TestDatabase;
const { sealer, add, row, eventsOf } = clientTools(() => db);

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

describe('P43 adding a client', () => {
  it('makes an id and a secret of 256 bits, and keeps the secret sealed', async () => {
    const client = await add(library);
    expect(Buffer.from(client.client_id, 'base64url')).toHaveLength(16);
    expect(Buffer.from(client.client_secret ?? '', 'base64url')).toHaveLength(32);
    const stored = await row(client.client_id);
    expect(stored).toMatchObject({ access: 'everyone', first_party: false, shares_database: false });
    expect(JSON.stringify(stored.metadata)).not.toContain(client.client_secret);
    expect(sealer().open(stored.secret, secretContext(client.client_id)).toString()).toBe(client.client_secret);
  });

  it('takes a given id, secret and access over', async () => {
    const given = { ...library, client_id: 'lib-1', client_secret: 'correct horse battery', access: 'rules' };
    expect(await add(given)).toMatchObject({ client_id: 'lib-1', client_secret: 'correct horse battery' });
    expect(await row('lib-1')).toMatchObject({ access: 'rules' });
    await add({ ...library, client_id: 'lib-2' }, { access: 'rules' });
    expect(await row('lib-2')).toMatchObject({ access: 'rules' });
  });

  it('gives it a tile where it names its page, and none where it only names where codes go', async () => {
    const withPage = await add({ ...library, client_uri: 'http://localhost:7100/' });
    expect(await row(withPage.client_id)).toMatchObject({ url: 'http://localhost:7100' });
    expect(await row((await add(library)).client_id)).toMatchObject({ url: '' });
  });

  it('C48 fills in what RFC 7591 leaves to defaults, as the standards have them', async () => {
    expect(await add(library)).toMatchObject({
      application_type: 'web',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      response_modes: ['query', 'form_post'],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'RS256',
      allowed_origins: [],
      scope: 'openid profile email phone address org',
      require_pkce: true,
    });
  });

  it('C48 lets an app in browsers call from where its codes go, unless it says from where', async () => {
    const spa = {
      ...library,
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://localhost:7100/a', 'http://localhost:7100/b'],
    };
    expect(await add(spa)).toMatchObject({ allowed_origins: ['http://localhost:7100'] });
    expect(await add({ ...spa, allowed_origins: [] })).toMatchObject({ allowed_origins: [] });
    const native = { ...spa, application_type: 'native', redirect_uris: ['com.example.app:/cb'] };
    expect(await add(native)).toMatchObject({ allowed_origins: [] });
  });

  it('makes a key for private_key_jwt, gives the private half away and keeps the public one', async () => {
    const client = await add({ ...library, token_endpoint_auth_method: 'private_key_jwt' });
    expect(client.private_jwk).toMatchObject({ kty: 'EC', crv: 'P-256', d: expect.any(String) });
    expect(client).not.toHaveProperty('client_secret');
    const { metadata, secret } = await row(client.client_id);
    expect(metadata.jwks.keys).toEqual(
      [{ ...client.private_jwk, d: undefined }].map((key) => JSON.parse(JSON.stringify(key))),
    );
    expect(secret).toBeNull();
  });

  it('gives a public client no secret', async () => {
    const client = await add({ ...library, token_endpoint_auth_method: 'none' });
    expect(client).not.toHaveProperty('client_secret');
  });

  it('S104 refuses an id that is taken or reserved, in whatever spelling', async () => {
    for (const client_id of [
      'finance',
      'launcher',
      'Launcher',
      'account',
      'identity_provider',
      'console',
      'Console',
      'kind-x',
    ]) {
      expect((await refusal(add({ ...library, client_id }))).code).toBe('client_exists');
    }
    expect(await row('finance')).toMatchObject({ first_party: true });
  });

  it('ignores what it does not know, and says so', async () => {
    const { ignored } = await addClient(db.owner, sealer(), { ...library, software_id: 'x', fruit: 1 }, local);
    expect(ignored).toEqual(['software_id', 'fruit']);
  });
});

describe('S02 metadata that is wrong', () => {
  it('is refused with every fault at its field, and nothing is written', async () => {
    const { rows: before } = await db.owner.query('SELECT count(*) FROM directory.app');
    const error = await refusal(
      add({
        client_name: '',
        redirect_uris: ['javascript:alert(1)', 'https://app.example/#x', 'https://*.example.org/cb'],
        token_endpoint_auth_method: 'magic',
        access_token_lifetime: 5,
        contacts: ['nobody'],
        scope: 'openid everything',
      }),
    );
    expect(error.code).toBe('metadata_invalid');
    expect(error.faults).toEqual([
      'client_name: must not be empty',
      'contacts[0]: must be an e-mail address',
      'redirect_uris[0]: must be https',
      'redirect_uris[1]: must have no fragment',
      'redirect_uris[2]: must be exact: there are no wildcards',
      'scope: knows no scope "everything": openid, offline_access, profile, email, phone, address, org',
      'token_endpoint_auth_method: must be one of: client_secret_basic, client_secret_post, private_key_jwt, none',
      'access_token_lifetime: must be 30 seconds at least',
    ]);
    expect((await db.owner.query('SELECT count(*) FROM directory.app')).rows).toEqual(before);
  });

  it.each([
    ['no redirect URI', { redirect_uris: [] }, 'redirect_uris: is missing'],
    [
      'http elsewhere',
      { redirect_uris: ['http://app.example/cb'] },
      'redirect_uris[0]: must be https (http is for this machine only)',
    ],
    ['a user in an address', { client_uri: 'https://a:b@app.example' }, 'client_uri: must name no user'],
    [
      'a private key',
      { jwks: { keys: [{ kty: 'EC', d: 'x' }] } },
      'jwks.keys[0]: must be a public key, without private parts',
    ],
    [
      'a public client without PKCE',
      { token_endpoint_auth_method: 'none', require_pkce: false },
      'require_pkce: must be true where there is no secret (RFC 9700)',
    ],
    [
      'an origin with a path',
      { allowed_origins: ['https://app.example/x'] },
      'allowed_origins[0]: must be an origin: no path, no slash',
    ],
    [
      'a native scheme that anybody may claim',
      { application_type: 'native', redirect_uris: ['myapp:/cb'] },
      'redirect_uris[0]: needs a scheme in reverse domain notation, such as org.example.app',
    ],
    [
      'a token in the address',
      { response_types: ['token'] },
      'response_types[0]: must be one of: code, id_token, code id_token',
    ],
    ['a grant of passwords', { grant_types: ['password'] }, /^grant_types\[0\]: must be one of/],
  ])('refuses %s', async (_, changes, fault) => {
    expect((await refusal(add({ ...library, ...changes }))).faults).toEqual(
      [expect.stringMatching(fault)].map((each) => (typeof fault === 'string' ? fault : each)),
    );
  });

  it('S85 names no address that only the provider could reach by itself', async () => {
    const told = (backchannel_logout_uri: string) =>
      add({ redirect_uris: ['https://a.example/cb'], backchannel_logout_uri }, { production: true });
    for (const [uri, fault] of [
      ['http://169.254.169.254/', 'must be https'],
      ['https://169.254.169.254/latest', 'must not be link-local'],
      ['https://[fe80::1]/', 'must not be link-local'],
      ['http://localhost:5432', 'must be https'],
    ] as const) {
      expect((await refusal(told(uri))).faults).toContain(`backchannel_logout_uri: ${fault}`);
    }
    expect(await told('https://10.0.5.7/logout')).toMatchObject({ backchannel_logout_uri: 'https://10.0.5.7/logout' });
  });

  it('is looked at more strictly in production, where only a native app may live at http', async () => {
    const production = { production: true };
    const wrong = { ...library, require_pkce: false, client_secret: 'too short' };
    expect((await refusal(add({ ...wrong, client_secret: undefined }, production))).faults).toEqual([
      'redirect_uris[0]: must be https',
    ]);
    expect((await refusal(add({ ...wrong, redirect_uris: ['https://a.example/cb'] }, production))).faults).toEqual([
      'client_secret: must have 32 characters at least',
    ]);
    expect(
      (await refusal(add({ require_pkce: false, redirect_uris: ['https://a.example/cb'] }, production))).faults,
    ).toEqual(['require_pkce: must be true in production']);
    expect(await add({ ...library, require_pkce: false })).toMatchObject({ require_pkce: false });
    const native = { application_type: 'native', redirect_uris: ['http://127.0.0.1/cb', 'org.example.app:/cb'] };
    expect(await add({ ...native, token_endpoint_auth_method: 'none' }, production)).toMatchObject(native);
  });
});

describe('S77 rotating a secret', () => {
  it('keeps the one before until it is retired', async () => {
    const { client_id: id, client_secret: first } = await add(library);
    const { client_secret: second } = await rotateSecret(db.owner, sealer(), id);
    expect(second).not.toBe(first);
    const rotated = await row(id);
    expect(sealer().open(rotated.previous_secret, secretContext(id)).toString()).toBe(first);
    expect((await listClients(db.owner)).find(({ client_id }) => client_id === id)).toMatchObject({
      has_previous_secret: true,
    });
    await retirePreviousSecret(db.owner, id);
    expect(await row(id)).toMatchObject({ previous_secret: null });
    expect((await refusal(retirePreviousSecret(db.owner, id))).code).toBe('no_previous_secret');
  });

  it('is not for first-party apps, unknown clients, or clients without a secret', async () => {
    const { client_id: keyed } = await add({ ...library, token_endpoint_auth_method: 'private_key_jwt' });
    expect((await refusal(rotateSecret(db.owner, sealer(), 'finance'))).code).toBe('client_is_first_party');
    expect((await refusal(rotateSecret(db.owner, sealer(), 'nobody'))).code).toBe('client_not_found');
    expect((await refusal(rotateSecret(db.owner, sealer(), keyed))).code).toBe('client_has_no_secret');
  });
});

it('P42 finds clients by name and by id, page by page, without secrets', async () => {
  for (const name of ['Quay One', 'Quay Two', 'Quay 100%']) await add({ ...library, client_name: name });
  expect((await listClients(db.owner, { search: 'quay' })).map(({ client_name }) => client_name)).toEqual([
    'Quay 100%',
    'Quay One',
    'Quay Two',
  ]);
  expect(await listClients(db.owner, { search: 'QUAY', limit: 1, offset: 2 })).toMatchObject([
    { client_name: 'Quay Two', first_party: false, has_secret: true },
  ]);
  expect(await countClients(db.owner, { search: 'quay' })).toBe(3);
  expect(await countClients(db.owner, { search: '0%' })).toBe(1);
  expect(await listClients(db.owner, { search: 'human-res' })).toMatchObject([{ client_id: 'human-resources' }]);
  expect(Object.keys((await listClients(db.owner))[0] ?? {})).not.toContain('secret');
});

it('removes a third-party client, and no other', async () => {
  const { client_id: id } = await add(library);
  expect(await removeClient(db.owner, id)).toBe(0);
  expect(await row(id)).toBeUndefined();
  expect((await refusal(removeClient(db.owner, id))).code).toBe('client_not_found');
  expect((await refusal(removeClient(db.owner, 'finance'))).code).toBe('client_is_first_party');
});

it('records who was registered, changed and removed', async () => {
  const { client_id: id } = await add(library);
  await updateClient(db.owner, sealer(), id, { ...library, client_name: 'Archive' }, local);
  await rotateSecret(db.owner, sealer(), id);
  await retirePreviousSecret(db.owner, id);
  await removeClient(db.owner, id);
  expect(await eventsOf(id)).toEqual([
    'client.registered',
    'client.changed',
    'client.secret_rotated',
    'client.secret_retired',
    'client.removed',
  ]);
});
