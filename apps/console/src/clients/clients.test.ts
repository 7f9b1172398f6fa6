import { addClient, findClient } from '@gatehouse/clients';
import { createSealer } from '@gatehouse/encryption';
import type { RunningRelyingParty, Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsoleWithApi } from '../../testing/console-with-api.ts';
import { everything } from '../../testing/every-field.ts';
import type { ProviderApi } from '../../testing/provider-api.ts';
import { errorAt, textOf } from '../../testing/read-page.ts';

let api: ProviderApi, rp: RunningRelyingParty, noor: Visitor, ruth: Visitor, close: () => Promise<void>;
beforeAll(async () => {
  ({ api, rp, noor, ruth, close } = await startConsoleWithApi());
});
afterAll(() => close());

const secretOn = (body: string) => load(body)('#secret').text();

/** What a browser would send: the fields of the form on a page as they stand, with changes. */
function typed(body: string, changes: Record<string, string | string[]> = {}): [string, string][] {
  const form = load(body)('main form[method=post]').first();
  const kept = form.serializeArray().filter(({ name }) => !(name in changes));
  const changed = Object.entries(changes).flatMap(([name, value]) =>
    [value].flat().map((each) => ({ name, value: each })),
  );
  return [...kept, ...changed].map(({ name, value }) => [name, value]);
}

const fillIn = async (path: string, changes: Record<string, string | string[]>) =>
  noor.browser.submit(`${rp.url}${path}`, typed((await noor.open(path)).body, changes));

const library = { client_name: 'Library', redirect_uris: 'http://localhost:7100/cb' };
async function register(changes: Record<string, string | string[]> = {}): Promise<{ id: string; secret: string }> {
  const { body } = await fillIn('/new-client', { ...library, ...changes });
  return { id: load(body)('dd code').first().text(), secret: secretOn(body) };
}
const registered = async (id: string) => (await findClient(rp.db.owner, id)) ?? expect.fail(`${id} is not registered`);
const seenAt = async (id: string) => ({ seen_at: (await registered(id)).updated_at.toISOString() });

describe('P42 the list of clients', () => {
  it('finds by name and by id, page by page, and says where each comes from', async () => {
    for (const name of ['Quay One', 'Quay Two']) await register({ client_name: name });
    const namesOf = (body: string) =>
      load(body)('tbody th')
        .toArray()
        .map((cell) => load(cell).text());
    expect(namesOf((await noor.open('/clients?search=quay')).body)).toEqual(['Quay One', 'Quay Two']);
    const byId = await noor.open('/clients?search=human-resources');
    expect(textOf(byId.body)).toMatch(/Human Resources human-resources This repository By role/);
    expect(textOf((await noor.open('/clients?search[x]=y&page=-1')).body)).toContain('Console');
    expect(textOf((await noor.open('/clients?search=xyzzy')).body)).toContain('No client found');
  });
});

describe('P42 adding a client', () => {
  it('registers all that the form says, and shows it on the client’s page', async () => {
    const { id } = await register({
      client_id: 'harbour-archive',
      client_name: 'Harbour Archive',
      description: 'Old papers',
      client_uri: 'http://localhost:7200',
      redirect_uris: 'http://localhost:7200/cb\r\n\r\n http://localhost:7200/other ',
      post_logout_redirect_uris: 'http://localhost:7200/',
      backchannel_logout_uri: 'http://localhost:7200/logout',
      logo_uri: 'https://archive.example/logo.svg',
      policy_uri: 'https://archive.example/policy',
      tos_uri: 'https://archive.example/terms',
      contacts: 'archive@harbour.example',
      scope: 'openid profile',
      access: 'rules',
      grant_types: ['authorization_code', 'refresh_token'],
      access_token_lifetime: '300',
    });
    expect(id).toBe('harbour-archive');
    expect(await registered(id)).toMatchObject({
      client_name: 'Harbour Archive',
      description: 'Old papers',
      access: 'rules',
      first_party: false,
      metadata: {
        redirect_uris: ['http://localhost:7200/cb', 'http://localhost:7200/other'],
        post_logout_redirect_uris: ['http://localhost:7200/'],
        backchannel_logout_uri: 'http://localhost:7200/logout',
        logo_uri: 'https://archive.example/logo.svg',
        policy_uri: 'https://archive.example/policy',
        tos_uri: 'https://archive.example/terms',
        contacts: ['archive@harbour.example'],
        scope: 'openid profile',
        grant_types: ['authorization_code', 'refresh_token'],
        access_token_lifetime: 300,
        require_pkce: true,
      },
    });
    const page = textOf((await noor.open(`/clients/${id}`)).body);
    for (const shown of [
      'Old papers',
      'http://localhost:7200/other',
      'archive@harbour.example',
      '300',
      'Only people with a role',
    ]) {
      expect(page).toContain(shown);
    }
  });

  it('S71 P43 shows the secret this once: no page, no audit event and no column holds it', async () => {
    const { id, secret } = await register();
    expect(Buffer.from(id, 'base64url')).toHaveLength(16);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    for (const path of [`/clients/${id}`, `/clients/${id}/edit`, '/clients', '/audit']) {
      expect((await noor.open(path)).body).not.toContain(secret);
    }
    const { rows } = await rp.db.owner.query(
      `SELECT type, actor_person_id AS actor, detail::text FROM audit.event WHERE client_id = $1`,
      [id],
    );
    expect(rows).toMatchObject([{ type: 'client.registered', actor: noor.personId }]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(await registered(id))).not.toContain(secret);
  });

  it('says what is wrong at each field, keeps what was typed, and registers nothing', async () => {
    const answer = await fillIn('/new-client', {
      client_name: ' ',
      client_id: 'wrong',
      redirect_uris: 'http://localhost:7100/cb\nftp://elsewhere.example/',
      contacts: 'nobody',
      access_token_lifetime: 'long',
      jwks: '{not json',
      grant_types: ['client_credentials'],
    });
    expect(answer.status).toBe(422);
    expect(errorAt(answer.body, 'client_name')).toBe('Name: must not be empty');
    expect(errorAt(answer.body, 'redirect_uris')).toBe('Redirect URIs, line 2: must be https');
    expect(errorAt(answer.body, 'contacts')).toBe('Contacts, line 1: must be an e-mail address');
    expect(errorAt(answer.body, 'access_token_lifetime')).toBe('Access tokens live: must be a whole number of seconds');
    expect(errorAt(answer.body, 'jwks')).toBe('Public keys: must be a key set');
    const html = load(answer.body);
    expect(html('[name=redirect_uris]').val()).toContain('ftp://elsewhere.example/');
    expect(html('[name=jwks]').val()).toBe('{not json');
    expect(
      html('[name=grant_types]:checked')
        .toArray()
        .map((box) => html(box).val()),
    ).toEqual(['client_credentials']);
    expect(html('main details').attr('open')).toBeDefined();
    expect(await findClient(rp.db.owner, 'wrong')).toBeUndefined();
    const together = await fillIn('/new-client', { ...library, token_endpoint_auth_method: 'none', flags: [] });
    expect(errorAt(together.body, 'flags')).toMatch(/^Must use PKCE: must be true where there is no secret/);
  });

  it('takes the same form once, and an id that is free', async () => {
    const form = typed((await noor.open('/new-client')).body, library);
    expect(secretOn((await noor.browser.submit(`${rp.url}/new-client`, form)).body)).not.toBe('');
    const again = await noor.browser.submit(`${rp.url}/new-client`, form);
    expect([again.status, errorAt(again.body, 'client_id')]).toEqual([422, 'There is a client with this id already']);
    expect((await fillIn('/new-client', { ...library, client_id: 'finance' })).status).toBe(422);
  });

  it('needs no secret where there is none to show', async () => {
    const answer = await fillIn('/new-client', { ...library, token_endpoint_auth_method: 'none' });
    expect(answer.url).toContain('?done=added');
    expect(textOf(answer.body)).not.toContain('Make a new secret');
  });
});

describe('P42 editing a client', () => {
  it('changes what was typed, and nothing else', async () => {
    const { id } = await register({
      contacts: 'library@harbour.example',
      flags: ['backchannel_logout_session_required'],
      grant_types: ['authorization_code', 'refresh_token'],
    });
    const before = await registered(id);
    expect(before.metadata).toMatchObject({ require_pkce: false, backchannel_logout_session_required: true });
    await fillIn(`/clients/${id}/edit`, {});
    expect(await registered(id)).toEqual(before);
    const answer = await fillIn(`/clients/${id}/edit`, { client_name: 'Town Library' });
    expect(answer.url).toContain('?done=changed');
    const after = await registered(id);
    expect(after).toEqual({
      ...before,
      client_name: 'Town Library',
      metadata: { ...before.metadata, client_name: 'Town Library' },
      updated_at: after.updated_at,
    });
  });

  it('knows every field that a client can be registered with, and saves each as it was', async () => {
    await addClient(rp.db.owner, createSealer(rp.db.encryptionKey), everything, { production: false });
    const before = await registered('everything');
    const { client_id: _, description, access, ...metadata } = everything;
    expect(before).toMatchObject({ description, access, metadata });
    expect((await fillIn('/clients/everything/edit', {})).url).toContain('?done=changed');
    expect(await registered('everything')).toEqual(before);
  });

  it('does not undo what somebody else changed meanwhile, without being asked', async () => {
    const { id } = await register();
    const form = typed((await noor.open(`/clients/${id}/edit`)).body, { client_name: 'Mine' });
    await fillIn(`/clients/${id}/edit`, { client_name: 'Theirs' });
    const refused = await noor.browser.submit(`${rp.url}/clients/${id}/edit`, form);
    expect([refused.status, textOf(refused.body)]).toEqual([
      422,
      expect.stringContaining('Somebody has changed this client'),
    ]);
    expect((await registered(id)).client_name).toBe('Theirs');
    await noor.browser.submit(`${rp.url}/clients/${id}/edit`, typed(refused.body));
    expect((await registered(id)).client_name).toBe('Mine');
  });

  it('is not for apps of this repository, which appear with the reason', async () => {
    const { body } = await noor.open('/clients/finance');
    expect(textOf(body)).toContain('apps/finance/manifest.ts');
    expect(load(body)('main form, main a.button')).toHaveLength(0);
    for (const action of ['edit', 'secret', 'previous-secret/retire', 'remove']) {
      expect((await noor.send(`/clients/finance/${action}`, library)).status).toBe(409);
    }
    expect((await noor.send('/clients/nobody/edit', library)).status).toBe(404);
  });
});

describe('P43 the secret of a client', () => {
  it('is made anew beside the one before, shown once, and not again when the page is loaded again', async () => {
    const { id, secret } = await register();
    const form = await seenAt(id);
    const made = await noor.send(`/clients/${id}/secret`, form);
    expect(secretOn(made.body)).toMatch(/^[\w-]{43}$/);
    expect(secretOn(made.body)).not.toBe(secret);
    expect((await noor.send(`/clients/${id}/secret`, form)).status).toBe(409);
    expect(textOf((await noor.open(`/clients/${id}`)).body)).toContain('Two secrets work at once');
    const retired = await noor.send(`/clients/${id}/previous-secret/retire`);
    expect(textOf(retired.body)).toContain('The old secret works no more');
    expect(await registered(id)).toMatchObject({ has_secret: true, has_previous_secret: false });
    expect((await noor.send(`/clients/${id}/previous-secret/retire`)).status).toBe(409);
  });
});

describe('S76 removing a client', () => {
  it('asks first, and says who is affected', async () => {
    const { id } = await register();
    await rp.db.owner.query(
      `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
       SELECT 'session-' || n, $1, 'sid-' || n, '', $2, now() + interval '1 hour' FROM generate_series(1, 3) n`,
      [id, noor.personId],
    );
    const question = textOf((await noor.open(`/clients/${id}/remove`)).body);
    expect(question).toContain('1 person is signed in to it now, with 3 live sign-ins');
    expect(question).toContain('It has no address at which to be told');
    expect(await findClient(rp.db.owner, id)).toBeDefined();
    const answer = await noor.send(`/clients/${id}/remove`);
    expect(textOf(answer.body)).toContain('The client is removed');
    expect(await findClient(rp.db.owner, id)).toBeUndefined();
    const { rows } = await rp.db.owner.query(
      `SELECT DISTINCT end_reason FROM app_sessions.sign_in WHERE client_id = $1 AND ended_at IS NOT NULL`,
      [id],
    );
    expect(rows).toEqual([{ end_reason: 'client_removed' }]);
  });
});

it('S69 S70 shows an auditor every client and no button, and takes no change from them', async () => {
  const { id } = await register();
  const { body } = await ruth.open(`/clients/${id}`);
  expect(textOf(body)).toContain('http://localhost:7100/cb');
  expect(load(body)('main form, main a.button')).toHaveLength(0);
  expect(load((await ruth.open('/clients')).body)('a[href="/new-client"]')).toHaveLength(0);
  for (const action of ['edit', 'secret', 'previous-secret/retire', 'remove']) {
    expect((await ruth.send(`/clients/${id}/${action}`, library)).status).toBe(403);
  }
  expect(await registered(id)).toMatchObject({ client_name: 'Library' });
  expect((await noor.send(`/clients/${id}/remove`, { _csrf: 'forged' })).status).toBe(403);
});

it('says so when the identity provider does not answer', async () => {
  const { id } = await register();
  api.away();
  const answer = await noor.send(`/clients/${id}/edit`, { ...library, ...(await seenAt(id)) });
  expect([answer.status, textOf(answer.body)]).toEqual([503, expect.stringContaining('does not answer just now')]);
});
