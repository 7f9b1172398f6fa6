import { parseArgs } from 'node:util';
import { invitePerson } from '@gatehouse/accounts';
import { connect } from '@gatehouse/prisma';
import { origin, parseEnvironment } from '@gatehouse/web';
import { z } from 'zod';
import { mailEnvironment } from './mail/environment.ts';
import { invitationLetter } from './mail/letters.ts';
import { openMail } from './mail/open-mail.ts';
import { personOptions, personUsage } from './person-options.ts';

const usage = `pnpm person invite ${personUsage}
with BASE_URL, the identity provider's own address, OWNER_DATABASE_URL, and SMTP_URL for the mail in the environment`;

const environment = {
  settings: { BASE_URL: origin, ...mailEnvironment.settings },
  secrets: { OWNER_DATABASE_URL: z.string({ error: 'is missing' }), ...mailEnvironment.secrets },
};

/** Makes a person, and mails them the link by which they choose their password; without mail it prints the link. */
async function main(): Promise<void> {
  const [command, ...args] = process.argv.slice(2);
  const text = { type: 'string' } as const;
  const options = { login: text, 'given-name': text, 'family-name': text, email: text };
  if (command !== 'invite' || args.includes('--help')) throw new Error(usage);
  const person = personOptions.safeParse(parseArgs({ args, options }).values);
  if (!person.success) throw new Error(`${z.prettifyError(person.error)}\n\n${usage}`);

  const config = parseEnvironment(environment, process.env);
  const mail = openMail({ ...config, production: false });
  const { pool, close } = connect(config.secrets.ownerDatabaseUrl, { applicationName: 'person' });
  try {
    const invitation = await invitePerson(pool, person.data);
    const letter = invitationLetter(invitation, config.baseUrl);
    await mail.mailer?.send(letter);
    const where = mail.mailbox ? ` (${config.baseUrl}/mailbox)` : '';
    process.stdout.write(
      mail.mailer
        ? `${invitation.name} is invited: the mail is on its way to ${invitation.email}${where}.\n`
        : `No mail is configured. Give ${invitation.name} this link, which works once, within seven days:\n\n  ${letter.action?.url}\n`,
    );
  } finally {
    mail.close();
    await close();
  }
}

await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
