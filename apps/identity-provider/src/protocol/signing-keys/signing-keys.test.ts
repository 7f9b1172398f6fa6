import { createSealer } from '@gatehouse/encryption';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addKey, listKeys, promoteKey, retireKey } from './change-signing-keys.ts';
import { loadSigningKeys } from './load-signing-keys.ts';

describe('the signing keys', () => {
  let db: TestDatabase;
  const sealer = () => createSealer(db.encryptionKey);
  const published = async () => (await loadSigningKeys(db.owner, sealer())).keys.filter(({ alg }) => alg === 'ES256');
  const age = (kid: string, column: 'created_at' | 'retired_at', hours: number) =>
    db.owner.query(`UPDATE protocol.signing_key SET ${column} = now() - make_interval(hours => $2) WHERE kid = $1`, [
      kid,
      hours,
    ]);

  beforeAll(async () => {
    db = await createTestDatabase();
    await loadSigningKeys(db.owner, sealer());
  });
  afterAll(() => db.close());

  it('S88 change in the order that loses nobody: published, then signing, then out', async () => {
    const [old] = await published();
    const { kid } = await addKey(db.owner, sealer(), 'ES256');
    expect((await published()).map((key) => key.kid)).toEqual([old?.kid, kid]);
    await expect(promoteKey(db.owner, kid)).rejects.toMatchObject({ code: 'key_too_young' });
    await age(kid, 'created_at', 1);
    expect(await promoteKey(db.owner, kid)).toMatchObject({ kid, status: 'active' });
    expect((await published()).map((key) => key.kid)).toEqual([kid, old?.kid]);
    await expect(retireKey(db.owner, old?.kid ?? '')).rejects.toMatchObject({ code: 'key_too_young' });
    await age(old?.kid ?? '', 'retired_at', 13);
    await retireKey(db.owner, old?.kid ?? '');
    expect((await published()).map((key) => key.kid)).toEqual([kid]);
    const { rows } = await db.owner.query(
      `SELECT type FROM audit.event WHERE type LIKE 'key.%' ORDER BY id DESC LIMIT 3`,
    );
    expect(rows.map(({ type }) => type)).toEqual(['key.retired', 'key.promoted', 'key.created']);
  });

  it('S88 change at once where somebody else may have the key', async () => {
    const [old] = await published();
    const { kid } = await addKey(db.owner, sealer(), 'ES256');
    await promoteKey(db.owner, kid, { atOnce: true });
    await retireKey(db.owner, old?.kid ?? '', { atOnce: true });
    expect((await published()).map((key) => key.kid)).toEqual([kid]);
  });

  it('S88 never leave an algorithm without a key that signs', async () => {
    const active = (await listKeys(db.owner)).filter(({ status }) => status === 'active');
    expect(active.map(({ alg }) => alg).sort()).toEqual(['ES256', 'RS256']);
    for (const { kid } of active) {
      await expect(retireKey(db.owner, kid)).rejects.toMatchObject({ code: 'key_in_wrong_state' });
      await expect(promoteKey(db.owner, kid)).rejects.toMatchObject({ code: 'key_in_wrong_state' });
    }
    await expect(promoteKey(db.owner, 'nothing')).rejects.toMatchObject({ code: 'key_not_found' });
  });

  it('S90 are listed without their private parts', async () => {
    expect(JSON.stringify(await listKeys(db.owner))).not.toMatch(/"d":|private/);
  });
});
