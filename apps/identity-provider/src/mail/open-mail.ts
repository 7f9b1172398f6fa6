import { createMailbox, createSmtpMailer, type Mailbox, type Mailer } from '@gatehouse/mail';
import type { MailConfig } from './environment.ts';

export interface OpenMail {
  /** `undefined` where no mail is sent. */
  mailer: Mailer | undefined;
  /** Where mail lands instead of being sent. */
  mailbox?: Mailbox;
  close(): void;
}

/** The way for mail that the environment names: a server, or outside production a folder. */
export function openMail({
  mailFrom,
  mailFolder,
  secrets,
  baseUrl,
  production,
}: MailConfig & { baseUrl: string; production: boolean }): OpenMail {
  const from = mailFrom ?? `Gatehouse <no-reply@${new URL(baseUrl).hostname}>`;
  if (secrets.smtpUrl) {
    const mailer = createSmtpMailer({ url: secrets.smtpUrl, from });
    return { mailer, close: mailer.close };
  }
  if (production || !mailFolder) return { mailer: undefined, close() {} };
  const mailbox = createMailbox({ folder: mailFolder, from });
  return { mailer: mailbox, mailbox, close() {} };
}
