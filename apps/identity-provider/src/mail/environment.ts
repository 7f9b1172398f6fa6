import type { ConfigOf } from '@gatehouse/web';
import { z } from 'zod';

/** Where mail goes. Without either there is none: nobody resets a password by mail, and no change is announced. */
export const mailEnvironment = {
  settings: {
    /** `Name <address>`; by default `no-reply` at our own host. */
    MAIL_FROM: z.string().optional(),
    /** A folder that takes all mail, for development. Production ignores it. */
    MAIL_FOLDER: z.string().optional(),
  },
  secrets: {
    /** `smtps://user:password@host` or `smtp://…` with STARTTLS. */
    SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp: or smtps: URL' }).optional(),
  },
};

export type MailConfig = ConfigOf<typeof mailEnvironment>;
