import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { ConfigError, parseEnvironment } from './parse-environment.ts';
import { relyingPartyEnvironment } from './variables.ts';

const key = () => randomBytes(32).toString('base64url');
const valid = {
  ORGANISATION_NAME: 'Harbour Council',
  ORGANISATION_TIME_ZONE: 'Europe/London',
  NODE_ENV: 'production',
  PORT: '4003',
  BASE_URL: 'https://finance.example',
  ISSUER: 'https://id.example',
  DATABASE_URL: 'postgresql://finance:secret@db/gatehouse',
  CLIENT_SECRET: key(),
  SESSION_KEY: key(),
};

function faultsOf(change: Record<string, string | undefined>, readFile?: (path: string) => string): readonly string[] {
  try {
    parseEnvironment(relyingPartyEnvironment, { ...valid, ...change }, readFile);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

it('reads a valid environment, with defaults, and keeps the secrets apart', () => {
  const { secrets, ...settings } = parseEnvironment(relyingPartyEnvironment, valid);
  expect(settings).toEqual({
    organisationName: 'Harbour Council',
    organisationTimeZone: 'Europe/London',
    nodeEnv: 'production',
    port: 4003,
    host: '127.0.0.1',
    baseUrl: 'https://finance.example',
    issuer: 'https://id.example',
    logLevel: 'info',
    requestsPerMinute: 3000,
    trustProxy: [],
    drainSeconds: 0,
  });
  expect(Object.keys(secrets)).toEqual(['databaseUrl', 'clientSecret', 'sessionKey']);
});

it('names every fault at once, and no value', () => {
  const error = new ConfigError(faultsOf({ PORT: 'http', ISSUER: '', SESSION_KEY: 'hunter2' }));
  expect(error.faults).toEqual([
    'PORT: must be a port',
    'ISSUER: is missing',
    expect.stringContaining('SESSION_KEY: must be 32 bytes in base64url'),
  ]);
  expect(error.message).not.toContain('hunter2');
});

it.each([undefined, '', 'changeme', 'A'.repeat(43), 'secret'.repeat(8).slice(0, 43)])(
  'S91 refuses the secret %j: missing, weak or a placeholder',
  (CLIENT_SECRET) => {
    expect(faultsOf({ CLIENT_SECRET })).toEqual([expect.stringMatching(/^CLIENT_SECRET: /)]);
    expect(faultsOf({ CLIENT_SECRET: key() })).toEqual([]);
  },
);

it('D11 refuses in production what is for development only', () => {
  const DEVELOPMENT_BAR = '/views/bar.ejs';
  expect(faultsOf({ DEVELOPMENT_BAR })).toEqual(['DEVELOPMENT_BAR: is for development only']);
  expect(faultsOf({ DEVELOPMENT_BAR, NODE_ENV: 'development' })).toEqual([]);
});

it('takes a secret from a file, without its line break', () => {
  const secret = key();
  const env = { ...valid, CLIENT_SECRET: undefined, CLIENT_SECRET_FILE: '/run/secrets/finance' };
  const { secrets } = parseEnvironment(relyingPartyEnvironment, env, (path) => `${secret}${path && '\n'}`);
  expect(secrets.clientSecret).toBe(secret);
});

it('refuses a secret given twice, or in a file that cannot be read', () => {
  const unreadable = () => {
    throw new Error('ENOENT: no such file');
  };
  expect(faultsOf({ CLIENT_SECRET_FILE: '/x' }, key)[0]).toMatch(/either CLIENT_SECRET or CLIENT_SECRET_FILE/);
  expect(faultsOf({ CLIENT_SECRET: '', CLIENT_SECRET_FILE: '/x' }, unreadable)[0]).toMatch(
    /^CLIENT_SECRET_FILE: ENOENT/,
  );
});

it.each([
  ['http://finance.example', 'must be https'],
  ['http://127.0.0.1.evil.example', 'must be https'],
  ['https://finance.example/', 'must be an origin'],
  ['https://user@finance.example', 'must be an origin'],
  ['finance.example', 'must be a URL'],
])('C35 refuses the address %s', (BASE_URL, fault) => {
  expect(faultsOf({ BASE_URL })[0]).toMatch(new RegExp(`^BASE_URL: ${fault}`));
});

it.each(['http://localhost:4003', 'http://127.0.0.1:4003', 'http://finance.localhost:4003', 'https://finance.example'])(
  'C35 takes the address %s',
  (BASE_URL) => expect(faultsOf({ BASE_URL })).toEqual([]),
);

it('S80 trusts only proxies named by address', () => {
  const { trustProxy } = parseEnvironment(relyingPartyEnvironment, { ...valid, TRUST_PROXY: '10.0.0.0/8, fd00::/8' });
  expect(trustProxy).toEqual(['10.0.0.0/8', 'fd00::/8']);
  for (const TRUST_PROXY of ['true', '1', 'balancer', '10.0.0.0/99']) expect(faultsOf({ TRUST_PROXY })).toHaveLength(1);
});
