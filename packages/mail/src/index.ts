export { createMailbox, type Mailbox, type MailInBox } from './mailbox.ts';
export type { Mailer, Message } from './message.ts';
export { createPostman, type Postman } from './postman.ts';
export { createSmtpMailer } from './smtp.ts';
