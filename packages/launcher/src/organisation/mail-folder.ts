import { join } from 'node:path';

/** Where all mail of a local organisation lands. The identity provider shows it at `/mailbox`. */
export const mailFolder = (local: string): string => join(local, 'mail');
