import { parseArgs } from 'node:util';
import { createFirstAdministrator } from '@gatehouse/accounts';
import { connect } from '@gatehouse/prisma';
import { origin, parseEnvironment } from '@gatehouse/web';
import { z } from 'zod';
import { personOptions, personUsage } from './person-options.ts';

const usage = `pnpm admin:create ${personUsage}
with BASE_URL, the identity provider's own address, and OWNER_DATABASE_URL in the environment`;

/** Makes the first administrator and prints the link by which they choose their password. */
async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { login: text, 'given-name': text, 'family-name': text, email: text } });
  const options = personOptions.safeParse(values);
  if (!options.success) throw new Error(`${z.prettifyError(options.error)}\n\n${usage}`);

  const environment = {
    settings: { BASE_URL: origin },
    secrets: { OWNER_DATABASE_URL: z.string({ error: 'is missing' }) },
  };
  const { baseUrl, secrets } = parseEnvironment(environment, process.env);
  const { pool, close } = connect(secrets.ownerDatabaseUrl, { applicationName: 'create-admin' });
  try {
    const token = await createFirstAdministrator(pool, options.data);
    process.stdout.write(
      `Within a day, open this once to choose the password:\n\n  ${baseUrl}/set-password?token=${token}\n`,
    );
  } finally {
    await close();
  }
}

await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
