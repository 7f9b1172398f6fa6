import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const library = fileURLToPath(import.meta.resolve('@simplewebauthn/browser'));

/** What browsers load on pages with passkeys: the library as its package brings it for browsers, and our use of it. */
export const passkeyAssets: Readonly<Record<string, string>> = {
  'webauthn.js': join(library, '..', '..', 'dist', 'bundle', 'index.umd.min.js'),
  'passkeys.js': join(import.meta.dirname, '..', 'public', 'passkeys.js'),
};
