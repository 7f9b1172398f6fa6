import { addTotp } from '@gatehouse/accounts';
import { createSealer } from '@gatehouse/encryption';
import type { Browser } from '@gatehouse/test-kit/browser';
import { Secret, TOTP } from 'otpauth';
import { csrfOf, stepUrl } from './pages.ts';
import { submitSignIn } from './sign-in.ts';
import type { RunningProvider } from './start-provider.ts';

export interface Authenticator {
  /** The code that the app shows now, or so many steps of 30 seconds away from now. */
  code(stepsAway?: number): string;
  recoveryCodes: string[];
}

/** An app that shows the codes of a secret. */
export function authenticatorFor(secret: string): Pick<Authenticator, 'code'> {
  const totp = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
  return { code: (stepsAway = 0) => totp.generate({ timestamp: Date.now() + stepsAway * 30_000 }) };
}

/** Gives a person an authenticator app, added long ago as far as used codes are concerned. */
export async function giveAuthenticator(
  { db, pool }: Pick<RunningProvider, 'db' | 'pool'>,
  login: string,
): Promise<Authenticator> {
  const secret = new Secret({ size: 20 }).base32;
  const app = authenticatorFor(secret);
  const personId = await db.personId(login);
  const sealer = createSealer(db.encryptionKey);
  const recoveryCodes = await addTotp({ pool, sealer }, { ...(await db.owns(personId)), secret, code: app.code() });
  await db.owner.query('UPDATE credentials.totp SET last_step = 0 WHERE person_id = $1', [personId]);
  return { ...app, recoveryCodes };
}

/** Signs a person in by both steps, through the launcher, with the code of so many steps away. */
export async function signInWithCode(
  browser: Browser,
  { issuer }: Pick<RunningProvider, 'issuer'>,
  login: string,
  {
    app,
    stepsAway = 0,
    remember = false,
  }: { app: Pick<Authenticator, 'code'>; stepsAway?: number; remember?: boolean },
): Promise<void> {
  const page = await submitSignIn(browser, await browser.visit(`${issuer}/`), login, true);
  const form = { _csrf: csrfOf(page), code: app.code(stepsAway), ...(remember && { remember: 'yes' }) };
  const answer = await browser.submit(stepUrl(page, 'second-factor'), form);
  if (new URL(answer.url).pathname !== '/')
    throw new Error(`${login} with a code was answered ${answer.status} at ${answer.url}`);
}
