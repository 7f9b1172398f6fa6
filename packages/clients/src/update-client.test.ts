import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientTools, library, local, refusal } from '../testing/client-tools.ts';
import { findClient, rotateSecret, updateClient } from './index.ts';
import { secretContext } from './secret-context.ts';

let db: TestDatabase;
const { sealer, add, row, eventsOf } = clientTools(() => db);

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

describe('P42 changing a client', () => {
  const update = (clientId: string, input: object, options = {}) =>
    updateClient(db.owner, sealer(), clientId, input, { ...local, ...options });

  it('puts new metadata in the place of the old, says what is different, and keeps the secret', async () => {
    const { client_id: id, client_secret } = await add({ ...library, policy_uri: 'https://library.example/policy' });
    const wanted = { ...library, client_name: 'Archive', description: 'Old books', contacts: ['lib@harbour.example'] };
    expect(await update(id, wanted)).toEqual({
      client_id: id,
      changed: ['client_name', 'contacts', 'description', 'policy_uri'],
      ignored: [],
    });
    expect(await findClient(db.owner, id)).toMatchObject({ client_name: 'Archive', description: 'Old books' });
    expect(
      sealer()
        .open((await row(id)).secret, secretContext(id))
        .toString(),
    ).toBe(client_secret);
  });

  it('P44 changes nothing, and records nothing, when the same is said again', async () => {
    const { client_id: id } = await add(library);
    const before = await findClient(db.owner, id);
    expect((await update(id, library)).changed).toEqual([]);
    expect(await findClient(db.owner, id)).toEqual(before);
    expect(await eventsOf(id)).toEqual(['client.registered']);
  });

  it('gives it a secret or a key where it signs in by one from now on, and takes away what it uses no more', async () => {
    const { client_id: id } = await add({ ...library, token_endpoint_auth_method: 'none' });
    const { client_secret } = await update(id, library);
    expect(
      sealer()
        .open((await row(id)).secret, secretContext(id))
        .toString(),
    ).toBe(client_secret);
    const { private_jwk } = await update(id, { ...library, token_endpoint_auth_method: 'private_key_jwt' });
    expect(private_jwk).toMatchObject({ kty: 'EC', d: expect.any(String) });
    expect(await row(id)).toMatchObject({ secret: null, previous_secret: null });
  });

  it('is refused as a new one would be, for another id or secret, and for what was changed meanwhile', async () => {
    const { client_id: id } = await add(library);
    const wrong = { ...library, client_id: 'other', client_secret: 'correct horse battery', redirect_uris: ['x'] };
    expect((await refusal(update(id, wrong))).faults).toEqual(['redirect_uris[0]: must be an absolute URL']);
    expect((await refusal(update(id, { ...wrong, redirect_uris: library.redirect_uris }))).faults).toEqual([
      'client_id: cannot be changed',
      'client_secret: is changed by rotating it',
    ]);
    const seenAt = (await findClient(db.owner, id))?.updated_at;
    await update(id, { ...library, client_name: 'First' }, { seenAt });
    expect((await refusal(update(id, { ...library, client_name: 'Second' }, { seenAt }))).code).toBe('client_changed');
    expect((await refusal(rotateSecret(db.owner, sealer(), id, { seenAt }))).code).toBe('client_changed');
    expect((await refusal(update('finance', library))).code).toBe('client_is_first_party');
    expect((await refusal(update('nobody', library))).code).toBe('client_not_found');
    expect(await findClient(db.owner, id)).toMatchObject({ client_name: 'First' });
  });
});
