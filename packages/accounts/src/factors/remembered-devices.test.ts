import { createSealer } from '@gatehouse/encryption';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { Secret, TOTP } from 'otpauth';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, startSession } from '../../testing/fixtures.ts';
import { createOneTimeLink } from '../one-time-links.ts';
import { changePassword } from '../passwords/change-password.ts';
import { createPasswordHasher } from '../passwords/hasher.ts';
import { setPasswordByLink } from '../passwords/set-password.ts';
import { disablePerson } from '../person-status.ts';
import { addTotp, createTotpSecret } from './add-totp.ts';
import { forgetOwnDevices, listRememberedDevices, rememberDevice, useRememberedDevice } from './remembered-devices.ts';
import { removeFactors, removePasskey, removeTotp } from './remove-factors.ts';

let db: TestDatabase;
let pool: Pool;
let console: Pool;
let personId: string;
const hasher = createPasswordHasher();
const password = 'seven quiet otters dancing';
beforeAll(async () => {
  db = await createTestDatabase();
  [pool, console] = [poolOf(db, 'identity-provider'), poolOf(db, 'console')];
  personId = await db.personId('tomas.reyes');
});
afterAll(async () => {
  await Promise.all([pool.end(), console.end()]);
  await db.close();
});

const sealer = () => createSealer(db.encryptionKey);
const addApp = async () => {
  const { secret } = createTotpSecret({ issuer: 'id.example', login: 'tomas.reyes' });
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  await addTotp({ pool, sealer: sealer() }, { ...(await db.owns(personId)), secret, code });
};
const addKey = () =>
  pool.query(
    `INSERT INTO credentials.passkey (credential_id, person_id, public_key, counter, name, synced)
     VALUES ('\\x01', $1, '', 0, 'Key', false)`,
    [personId],
  );
const remember = async () => {
  const { moment } = await db.owns(personId);
  return rememberDevice(pool, { personId, moment, device: 'Firefox on Linux' });
};

const revocations: [string, () => unknown, () => Promise<unknown>][] = [
  [
    'the password is changed',
    async () =>
      pool.query('UPDATE credentials.password SET hash = $2 WHERE person_id = $1', [
        personId,
        await hasher.hash(password),
      ]),
    async () =>
      changePassword(
        { pool, hasher },
        {
          ...(await db.owns(personId)),
          sessionUid: 'here',
          currentPassword: password,
          newPassword: 'nine louder herons singing',
          address: '203.0.113.9',
        },
      ),
  ],
  [
    'the password is set by a link',
    () => undefined,
    async () => {
      const token = await createOneTimeLink(pool, { personId, purpose: 'reset' });
      await setPasswordByLink({ pool, hasher }, { token, password, confirm: async () => {} });
    },
  ],
  ['an authenticator app is added', () => undefined, addApp],
  ['the authenticator app is removed', () => undefined, async () => removeTotp(pool, await db.owns(personId))],
  [
    'a passkey is removed',
    addKey,
    async () => removePasskey(pool, { ...(await db.owns(personId)), id: Buffer.of(1).toString('base64url') }),
  ],
  ['an operator removes every factor', addKey, () => removeFactors(pool, { personId })],
  ['the owner forgets their devices', () => undefined, () => forgetOwnDevices(pool, { personId })],
  [
    'an administrator disables them, though they are enabled again',
    () => undefined,
    async () => {
      const actorPersonId = await db.personId('noor.haddad');
      await startSession(db.owner, actorPersonId, ['console']);
      await disablePerson(console, { personId, actorPersonId, clientId: 'console' });
      await db.owner.query(`UPDATE directory.person SET status = 'active' WHERE id = $1`, [personId]);
    },
  ],
];

describe('a remembered device is forgotten when', () => {
  it.each(revocations)('%s', async (_, before, change) => {
    await before();
    const token = await remember();
    expect(await useRememberedDevice(pool, personId, token)).toBe(true);
    await change();
    expect(await useRememberedDevice(pool, personId, token)).toBe(false);
    expect(await listRememberedDevices(pool, personId)).toEqual([]);
  });

  it('S17 it has expired', async () => {
    const token = await remember();
    await db.owner.query(`UPDATE credentials.remembered_device SET expires_at = now()`);
    expect(await useRememberedDevice(pool, personId, token)).toBe(false);
    expect(await listRememberedDevices(pool, personId)).toEqual([]);
  });
});

it('is remembered for one person, and each use is noted', async () => {
  const token = await remember();
  expect(await useRememberedDevice(pool, await db.personId('grace.lindqvist'), token)).toBe(false);
  expect(await useRememberedDevice(pool, personId, undefined)).toBe(false);
  await db.owner.query(`UPDATE credentials.remembered_device SET last_used_at = now() - interval '3 days'`);
  await useRememberedDevice(pool, personId, token);
  const [device] = await listRememberedDevices(pool, personId);
  expect(device).toMatchObject({ device: 'Firefox on Linux' });
  expect(Date.now() - +(device?.lastUsedAt ?? 0)).toBeLessThan(60_000);
});
