import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { secretContext } from '@gatehouse/clients';
import { createSealer, randomToken } from '@gatehouse/encryption';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { startProvider } from '../../testing/start-provider.ts';
import { loadSigningKeys } from '../protocol/index.ts';
import { sealedPlaces } from './places.ts';
import { reseal } from './reseal.ts';

const next = randomToken();

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await loadSigningKeys(db.owner, createSealer(db.encryptionKey));
  await addClients(600);
});
afterAll(() => db.close());

/** Clients enough for some batches. */
async function addClients(count: number): Promise<void> {
  const sealer = createSealer(db.encryptionKey);
  const ids = Array.from({ length: count }, (_, n) => `library-${n}`);
  await db.owner.query(
    `INSERT INTO directory.app (client_id, title, description, url) SELECT id, id, '', '' FROM unnest($1::text[]) id`,
    [ids],
  );
  await db.owner.query(
    `INSERT INTO protocol.client_registration (client_id, metadata, secret, shares_database)
     SELECT id, '{}', secret, false FROM unnest($1::text[], $2::bytea[]) AS client (id, secret)`,
    [ids, ids.map((id) => sealer.seal(`secret of ${id}`, secretContext(id)))],
  );
}

/** How many values are not sealed with the new key. */
async function left(): Promise<number> {
  const { prefix } = createSealer(next);
  const counts = sealedPlaces.map(async ({ table, column }) => {
    const { rows } = await db.owner.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${table} WHERE substring(${column} FROM 1 FOR 4) <> $1`,
      [prefix],
    );
    return rows[0]?.count ?? 0;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** `pnpm keys reseal`, as the launcher runs it. */
function runCommand(env: Record<string, string>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'manage-keys.ts'), 'reseal'], {
    env: { OWNER_DATABASE_URL: db.ownerUrl, ...env },
  });
  let [printed, complained] = ['', ''];
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (complained += chunk));
  const begun = () => vi.waitUntil(() => complained.includes('sealed anew'), { timeout: 20_000, interval: 2 });
  return { child, begun, ended: once(child, 'close').then(([code]) => ({ code, printed, complained })) };
}

describe('sealing everything anew', () => {
  it('says which value no key opens, changes nothing of it, and fails', async () => {
    const before = await left();
    expect(before).toBeGreaterThan(600);
    const { code, printed } = await runCommand({ ENCRYPTION_KEY: next }).ended;
    expect(code).toBe(1);
    expect(JSON.parse(printed)).toMatchObject({
      resealed: 0,
      unusable: expect.arrayContaining([expect.stringMatching(/^protocol\.signing_key\.private_jwk /)]),
    });
    expect(await left()).toBe(before);
  });

  it('may be killed in the middle and run again, while an instance with both keys serves', async () => {
    const running = await startProvider({ db, encryptionKeys: [next, db.encryptionKey] });
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'tomas.reyes');
    const finance = relyingParty(running, 'finance', 4003);
    const signsIn = async () => (await finance.redeem(await finance.codeFor(browser))).status;
    expect(await signsIn()).toBe(200);

    const env = { ENCRYPTION_KEY: next, ENCRYPTION_KEYS_TO_OPEN: db.encryptionKey };
    const all = await left();
    const first = runCommand(env);
    await first.begun();
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await left()).toBeLessThan(all);
    expect(await left()).toBeGreaterThan(0);
    expect(await signsIn()).toBe(200);

    const second = await runCommand(env).ended;
    expect([second.code, JSON.parse(second.printed)]).toMatchObject([0, { unusable: [] }]);
    expect(await left()).toBe(0);
    expect(await signsIn()).toBe(200);
    expect(await reseal(db.owner, createSealer(next))).toMatchObject({ resealed: 0, unusable: [] });
    await running.stop();
  });

  it('leaves nothing for which the old key is needed', async () => {
    const running = await startProvider({ db, encryptionKeys: [next] });
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'tomas.reyes');
    const finance = relyingParty(running, 'finance', 4003);
    expect((await finance.redeem(await finance.codeFor(browser))).status).toBe(200);
    await running.stop();
    await expect(loadSigningKeys(db.owner, createSealer(db.encryptionKey))).rejects.toMatchObject({
      code: 'sealed_value_unusable',
      message: expect.stringContaining('sealed with another key'),
    });
    const { rows } = await db.owner.query(`SELECT detail FROM audit.event WHERE type = 'key.resealed'`);
    expect(rows.at(-1)?.detail).toMatchObject({ key: createSealer(next).prefix.toString('hex'), unusable: 0 });
  });

  it('changes no row that somebody changed meanwhile', async () => {
    const [before, after] = [createSealer(next), createSealer(randomToken(), [next])];
    const racing = before.seal('meanwhile', secretContext('library-1'));
    const { query } = db.owner;
    const meanwhile = Object.assign(Object.create(db.owner), {
      async query(sql: unknown, values: unknown[]) {
        if (/^UPDATE protocol.client_registration/.test(String(sql)) && values[0] === 'library-1') {
          await db.owner.query(`UPDATE protocol.client_registration SET secret = $1 WHERE client_id = 'library-1'`, [
            racing,
          ]);
        }
        return Reflect.apply(query, db.owner, [sql, values]);
      },
    });
    await reseal(meanwhile, after);
    const stored = () =>
      db.owner.query<{ secret: Buffer }>(
        `SELECT secret FROM protocol.client_registration WHERE client_id = 'library-1'`,
      );
    expect((await stored()).rows[0]?.secret).toEqual(racing);
    await reseal(db.owner, after);
    const sealed = (await stored()).rows[0]?.secret ?? Buffer.alloc(0);
    expect(after.open(sealed, secretContext('library-1')).toString()).toBe('meanwhile');
  });

  it('knows every column of the user database that holds something sealed', async () => {
    const { rows } = await db.owner.query<{ place: string }>(
      `SELECT table_schema || '.' || table_name || '.' || column_name AS place FROM information_schema.columns
       WHERE udt_name = 'bytea' AND table_schema IN ('protocol', 'credentials', 'directory', 'audit') AND column_name NOT LIKE '%hash%'
       ORDER BY 1`,
    );
    const passkeys = ['credentials.passkey.credential_id', 'credentials.passkey.public_key'];
    const sealed = sealedPlaces.map(({ table, column }) => `${table}.${column}`);
    expect(rows.map(({ place }) => place)).toEqual([...sealed, ...passkeys].sort());
  });
});
