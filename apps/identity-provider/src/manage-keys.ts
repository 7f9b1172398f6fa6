/** `pnpm keys`, run by the launcher. Standard output holds one JSON document and nothing else. */
import { parseArgs } from 'node:util';
import { createSealer, type Sealer } from '@gatehouse/encryption';
import { connect } from '@gatehouse/prisma';
import { baseEnvironment, ConfigError, parseEnvironment, secretKey } from '@gatehouse/web';
import type { Pool } from 'pg';
import { furtherKeys } from './config.ts';
import { addKey, algorithms, listKeys, promoteKey, retireKey, SigningKeyError } from './protocol/index.ts';
import { reseal } from './reseal/reseal.ts';

const usage = `keys list                       the keys that are published, and which of them sign
keys add [--alg ES256|RS256]    makes a key that is published and does not sign yet
keys promote KID [--at-once]    lets it sign instead of the one that does
keys retire KID [--at-once]     publishes one no more that signs no more
After each, restart the identity provider, one instance after the other.

keys reseal                     seals with ENCRYPTION_KEY what ENCRYPTION_KEYS_TO_OPEN have sealed`;

class UsageError extends Error {
  constructor(message: string) {
    super(`${message}\n\n${usage}`);
  }
}

const environment = {
  settings: {},
  secrets: {
    OWNER_DATABASE_URL: baseEnvironment.secrets.DATABASE_URL,
    ENCRYPTION_KEY: secretKey,
    ENCRYPTION_KEYS_TO_OPEN: furtherKeys,
  },
};

async function main(): Promise<void> {
  const { command, kid, alg, atOnce } = readArguments();
  const { secrets } = parseEnvironment(environment, process.env);
  const { pool, close } = connect(secrets.ownerDatabaseUrl, { applicationName: 'keys', max: 1 });
  try {
    const sealer = createSealer(secrets.encryptionKey, secrets.encryptionKeysToOpen);
    const result = await run(pool);
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);

    async function run(db: Pool): Promise<unknown> {
      if (command === 'list') return listKeys(db);
      if (command === 'add') return addKey(db, sealer, alg);
      if (command === 'reseal') return resealAll(db, sealer);
      if (command === 'promote') return promoteKey(db, kid, { atOnce });
      await retireKey(db, kid, { atOnce });
      return { kid, retired: true };
    }
  } finally {
    await close();
  }
}

async function resealAll(db: Pool, sealer: Sealer): Promise<unknown> {
  const result = await reseal(db, sealer, (done) => process.stderr.write(`${done} values are sealed anew\n`));
  if (result.unusable.length > 0) {
    process.stderr.write(
      'Some values open with none of the keys. Name the key that sealed them, and run this again.\n',
    );
    process.exitCode = 1;
  }
  return result;
}

function readArguments() {
  const { positionals, values } = parse();
  const [command = '', kid = '', ...rest] = positionals;
  const alg = algorithms.find((each) => each === values.alg);
  if (!['list', 'add', 'promote', 'retire', 'reseal'].includes(command)) throw new UsageError('What is to be done?');
  if (!alg) throw new UsageError(`--alg is one of ${algorithms.join(', ')}.`);
  const needsKid = command === 'promote' || command === 'retire';
  if (needsKid !== (kid !== '') || rest.length > 0)
    throw new UsageError(needsKid ? 'Name one kid.' : `What is ${kid}?`);
  return { command, kid, alg, atOnce: values['at-once'] };
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { alg: { type: 'string', default: 'ES256' }, 'at-once': { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

await main().catch((error: Error) => {
  const told = [UsageError, SigningKeyError, ConfigError].some((kind) => error instanceof kind);
  process.stderr.write(`${told ? error.message : error.stack}\n`);
  process.exitCode = 1;
});
