import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { providerEndpoints } from './endpoints.ts';
import { type Fault, now } from './faults.ts';
import { type BadLogoutToken, badLogoutTokens, logoutClaims, signLogoutToken } from './logout-tokens.ts';
import { type Claims, createSigningKey } from './signing.ts';
import type { ProviderHooks, ProviderState, TestClient, TestPerson } from './state.ts';

/** An OpenID Provider in this process that does what a test tells it, wrong things included. */
export interface TestProvider {
  readonly issuer: string;
  /** Who is signed in by the next authorization request of a browser that it does not know. */
  person: TestPerson | undefined;
  /** What it does wrong from now on; undefined makes it honest. */
  fault: Fault | undefined;
  /** What else happens at certain moments; may be changed at any time. */
  readonly hooks: ProviderHooks;
  /** `METHOD /path` of every request, in order. */
  readonly requests: string[];
  register(client: TestClient): void;
  /** A logout token as it should be, or in one of the ways in which it can be wrong. */
  logoutToken(clientId: string, about: { sub?: string; sid?: string }, wrong?: BadLogoutToken): Promise<string>;
  /** A JWT access token as it should be, but for what `claims` and `header` change. */
  accessToken(claims: Claims, header?: Claims): Promise<string>;
  /** Signs with a new key from now on and publishes only that. */
  rotateKey(): Promise<void>;
  /** Stops answering at its address, until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface TestProviderOptions {
  clients?: TestClient[];
  person?: TestPerson;
  hooks?: ProviderHooks;
}

export async function createTestProvider(options: TestProviderOptions = {}): Promise<TestProvider> {
  const state: ProviderState = {
    issuer: '',
    person: options.person,
    fault: undefined,
    key: await createSigningKey(),
    otherKey: await createSigningKey('ES384'),
    hooks: options.hooks ?? {},
    clients: new Map(options.clients?.map((client) => [client.clientId, client])),
    sessions: new Map(),
    codes: new Map(),
    accessTokens: new Map(),
    requests: [],
  };
  const app = providerEndpoints(state);
  let server = await listen(app, 0);
  const { port } = server.address() as AddressInfo;
  state.issuer = `http://localhost:${port}`;

  return {
    issuer: state.issuer,
    requests: state.requests,
    get person() {
      return state.person;
    },
    set person(person) {
      state.person = person;
    },
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    hooks: state.hooks,
    register: (client) => void state.clients.set(client.clientId, client),
    async logoutToken(clientId, about, wrong) {
      const claims = logoutClaims(state.issuer, clientId, about);
      return wrong
        ? await badLogoutTokens[wrong](claims, state.key, state.otherKey)
        : await signLogoutToken(claims, state.key);
    },
    accessToken(claims, header = {}) {
      const iat = now();
      return state.key.sign({ iss: state.issuer, iat, exp: iat + 300, ...claims }, { typ: 'at+jwt', ...header });
    },
    async rotateKey() {
      state.key = await createSigningKey();
    },
    stop: () => stop(server),
    async start() {
      server = await listen(app, port);
    },
    close: () => stop(server),
  };
}

async function listen(app: Parameters<typeof createServer>[1], port: number): Promise<Server> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, 'localhost', resolve);
  });
  return server;
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
