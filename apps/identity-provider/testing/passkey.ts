import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Answer, Browser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { csrfOf } from './pages.ts';
import type { RunningProvider } from './start-provider.ts';

/** A passkey that lives in the test: it signs what a browser and its owner would. */
export interface SoftPasskey {
  id: Buffer;
  /** As a COSE key. */
  publicKey: Buffer;
  /** What the browser answers to a page that adds a passkey, as JSON. */
  register(challenge: string): string;
  /** What the browser answers to a sign-in page, as JSON. */
  signIn(challenge: string): string;
}

const USER_PRESENT_AND_VERIFIED = 0x05;
const WITH_CREDENTIAL = 0x40;

const base64url = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();

export function createPasskey(issuer: string): SoftPasskey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(16);
  const cose = coseKey(publicKey);
  const credential = { id: base64url(id), rawId: base64url(id), type: 'public-key', clientExtensionResults: {} };
  const clientData = (type: string, challenge: string) =>
    JSON.stringify({ type, challenge, origin: issuer, crossOrigin: false });
  const authenticatorData = (flags: number, rest = Buffer.alloc(0)) =>
    Buffer.concat([sha256(new URL(issuer).hostname), Buffer.of(flags), Buffer.alloc(4), rest]);

  return {
    id,
    publicKey: cose,
    register(challenge) {
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.of(0, id.length), id, cose]);
      const data = authenticatorData(USER_PRESENT_AND_VERIFIED | WITH_CREDENTIAL, attested);
      // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}
      const attestationObject = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.of(data.length),
        data,
      ]);
      const clientDataJSON = base64url(clientData('webauthn.create', challenge));
      return JSON.stringify({
        ...credential,
        response: { clientDataJSON, attestationObject: base64url(attestationObject), transports: ['internal'] },
      });
    },
    signIn(challenge) {
      const data = authenticatorData(USER_PRESENT_AND_VERIFIED);
      const json = clientData('webauthn.get', challenge);
      const signature = sign('sha256', Buffer.concat([data, sha256(json)]), privateKey);
      const response = {
        clientDataJSON: base64url(json),
        authenticatorData: base64url(data),
        signature: base64url(signature),
      };
      return JSON.stringify({ ...credential, response });
    },
  };
}

/** As a COSE key (RFC 9053 section 7.1.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y} */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
}

/** Gives a person a passkey that was added before. */
export async function givePasskey({ db, issuer }: RunningProvider, login: string): Promise<SoftPasskey> {
  const passkey = createPasskey(issuer);
  await db.owner.query(
    `INSERT INTO credentials.passkey (credential_id, person_id, public_key, counter, name, synced)
     VALUES ($1, $2, $3, 0, 'Test', false)`,
    [passkey.id, await db.personId(login), passkey.publicKey],
  );
  return passkey;
}

/** Signs a person in by a passkey, through the launcher. */
export async function signInByPasskey(
  browser: Browser,
  { issuer }: Pick<RunningProvider, 'issuer'>,
  passkey: SoftPasskey,
): Promise<void> {
  const answer = await answerByPasskey(browser, await browser.visit(`${issuer}/`), passkey);
  if (answer.url !== `${issuer}/`) throw new Error(`a passkey was answered ${answer.status} at ${answer.url}`);
}

/** Answers a page that asks for a passkey, and goes where that leads. */
export function answerByPasskey(browser: Browser, page: Answer, passkey: SoftPasskey): Promise<Answer> {
  const asked = load(page.body)('[data-passkey-sign-in]').attr('data-passkey-sign-in') ?? '{}';
  const response = passkey.signIn((JSON.parse(asked) as { challenge: string }).challenge);
  return browser.submit(`${page.url.split('?')[0]}/passkey`, { _csrf: csrfOf(page), response });
}
