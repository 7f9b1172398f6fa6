import { parseArgs } from 'node:util';
import { findPersonByLogin, invitePerson, removeFactors } from '@gatehouse/accounts';
import { connect } from '@gatehouse/prisma';
import { type ConfigOf, origin, parseEnvironment } from '@gatehouse/web';
import type { Pool } from 'pg';
import { z } from 'zod';
import { languageTags, translator } from './languages/translate.ts';
import { mailEnvironment } from './mail/environment.ts';
import { invitationLetter } from './mail/letters.ts';
import { type OpenMail, openMail } from './mail/open-mail.ts';
import { personOptions, personUsage } from './person-options.ts';

const usage = `pnpm person invite ${personUsage} [--language ${languageTags.join('|')}]
pnpm person remove-factors --login LOGIN
with BASE_URL, the identity provider's own address, OWNER_DATABASE_URL, and SMTP_URL for the mail in the environment`;

const environment = {
  settings: { BASE_URL: origin, ...mailEnvironment.settings },
  secrets: { OWNER_DATABASE_URL: z.string({ error: 'is missing' }), ...mailEnvironment.secrets },
};

interface Setting {
  pool: Pool;
  mail: OpenMail;
  config: ConfigOf<typeof environment>;
}

/** Each takes the options that were given and resolves to what the operator is told. */
const commands: Record<string, (given: unknown, setting: Setting) => Promise<string>> = {
  /** Makes a person, and mails them the link by which they choose their password; without mail it prints the link. */
  async invite(given, { pool, mail, config }) {
    const { language } = parse(z.object({ language: z.enum(languageTags).default('en') }), given);
    const invitation = await invitePerson(pool, parse(personOptions, given));
    const letter = invitationLetter(translator(language), invitation, config.baseUrl);
    await mail.mailer?.send(letter);
    const where = mail.mailbox ? ` (${config.baseUrl}/mailbox)` : '';
    return mail.mailer
      ? `${invitation.name} is invited: the mail is on its way to ${invitation.email}${where}.`
      : `No mail is configured. Give ${invitation.name} this link, which works once, within seven days:\n\n  ${letter.action?.url}`;
  },

  /** For somebody who has lost phone and recovery codes, once it is known that it is they. */
  async 'remove-factors'(given, { pool }) {
    const { login } = parse(z.object({ login: z.string().min(1) }), given);
    const personId = await findPersonByLogin(pool, login);
    return (await removeFactors(pool, { personId }))
      ? `${login} signs in with the password alone, and is signed out everywhere.`
      : `${login} has no second factor.`;
  },
};

function parse<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given);
  if (!result.success) throw new Error(`${z.prettifyError(result.error)}\n\n${usage}`);
  return result.data;
}

async function main([name = '', ...args]: string[]): Promise<void> {
  const command = commands[name];
  if (!command || args.includes('--help')) throw new Error(usage);
  const text = { type: 'string' } as const;
  const options = { login: text, 'given-name': text, 'family-name': text, email: text, language: text };
  const { values } = parseArgs({ args, options });
  const config = parseEnvironment(environment, process.env);
  const mail = openMail({ ...config, production: false });
  const { pool, close } = connect(config.secrets.ownerDatabaseUrl, { applicationName: 'person' });
  try {
    process.stdout.write(`${await command(values, { pool, mail, config })}\n`);
  } finally {
    mail.close();
    await close();
  }
}

await main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
