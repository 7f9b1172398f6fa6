import { randomUUID } from 'node:crypto';
import type { Fault } from './faults.ts';
import type { SigningKey } from './signing.ts';

export interface TestPerson {
  sub: string;
  name?: string;
  email?: string;
  login?: string;
  roles?: string[];
}

export interface TestClient {
  clientId: string;
  clientSecret: string;
  /** The app's origin: its callback is `/auth/callback` there, and it is left for `/` there after sign-out. */
  baseUrl: string;
}

/** A person signed in at one client, as the real provider writes it down before it issues a code. */
export interface TestSignIn {
  sessionUid: string;
  clientId: string;
  sid: string;
  personId: string;
}

export interface TestSession {
  uid: string;
  person: TestPerson;
  signIns: Map<string, TestSignIn>;
}

export interface IssuedCode {
  client: TestClient;
  signIn: TestSignIn;
  person: TestPerson;
  redirectUri: string;
  nonce: string | undefined;
  challenge: string;
  scope: string;
  resource: string | undefined;
}

export interface ProviderHooks {
  /** Called before a code is issued. */
  onSignIn?(signIn: TestSignIn): Promise<void>;
  /** Called when a provider session ends. */
  onSignOut?(signIns: TestSignIn[]): Promise<void>;
  /** Called after a code was exchanged, before the tokens are sent. */
  onExchange?(signIn: TestSignIn): Promise<void>;
}

export interface ProviderState {
  issuer: string;
  /** Who signs in where nobody has yet. Nobody: the provider shows its sign-in page. */
  person: TestPerson | undefined;
  fault: Fault | undefined;
  key: SigningKey;
  /** Published too, with another algorithm than the clients are registered for. */
  otherKey: SigningKey;
  hooks: ProviderHooks;
  clients: Map<string, TestClient>;
  sessions: Map<string, TestSession>;
  codes: Map<string, IssuedCode>;
  accessTokens: Map<string, TestPerson>;
  /** `METHOD /path` of every request, in order. */
  requests: string[];
}

/** The person's sign-in at this client within this provider session: made once, then found again. */
export async function signInAt(state: ProviderState, session: TestSession, clientId: string): Promise<TestSignIn> {
  const known = session.signIns.get(clientId);
  if (known) return known;
  const signIn = { sessionUid: session.uid, clientId, sid: randomUUID(), personId: session.person.sub };
  session.signIns.set(clientId, signIn);
  await state.hooks.onSignIn?.(signIn);
  return signIn;
}
