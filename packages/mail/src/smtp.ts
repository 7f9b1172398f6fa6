import { createTransport } from 'nodemailer';
import { compose, type Mailer } from './message.ts';

export interface SmtpOptions {
  /** `smtps://user:password@host:465`, or `smtp://` with STARTTLS, which is demanded except on this machine. */
  url: string;
  /** `Name <address>` */
  from: string;
}

/** Sends by SMTP, over connections that are kept for the next mail. */
export function createSmtpMailer({ url, from }: SmtpOptions): Mailer & { close(): void } {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
  const transport = createTransport(
    { url, pool: true, requireTLS: !local, disableFileAccess: true, disableUrlAccess: true },
    { from },
  );
  return {
    async send(message) {
      await transport.sendMail(compose(message));
    },
    close: () => transport.close(),
  };
}
