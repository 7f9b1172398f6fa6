import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

const key = () => randomBytes(32).toString('base64url');

const valid = {
  NODE_ENV: 'production',
  ORGANISATION_NAME: 'Port Council',
  ORGANISATION_TIME_ZONE: 'Europe/Lisbon',
  BASE_URL: 'https://id.example.org',
  PORT: '4000',
  DATABASE_URL: 'postgresql://provider:secret@database/gatehouse',
  ENCRYPTION_KEY: key(),
  COOKIE_KEYS: `${key()}, ${key()}`,
};

const faultsOf = (changes: NodeJS.ProcessEnv): readonly string[] => {
  try {
    loadConfig({ ...valid, ...changes });
    return [];
  } catch (error) {
    return (error as { faults: string[] }).faults;
  }
};

it('reads a complete environment, with the cookie keys in order', () => {
  const config = loadConfig(valid);
  expect(config).toMatchObject({ baseUrl: 'https://id.example.org', port: 4000, host: '127.0.0.1' });
  expect(config.secrets.cookieKeys).toHaveLength(2);
});

it('names every fault at once', () => {
  const faults = faultsOf({ BASE_URL: undefined, ENCRYPTION_KEY: undefined, COOKIE_KEYS: undefined });
  expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(['BASE_URL', 'COOKIE_KEYS', 'ENCRYPTION_KEY']);
});

describe('S91 refuses to start', () => {
  it.each([
    ['with http off this machine', { BASE_URL: 'http://id.example.org' }],
    ['with a path in its address', { BASE_URL: 'https://example.org/id' }],
    ['with a guessable encryption key', { ENCRYPTION_KEY: 'A'.repeat(43) }],
    ['with a short encryption key', { ENCRYPTION_KEY: 'changeme' }],
    ['with one guessable cookie key among good ones', { COOKIE_KEYS: `${key()},${'x'.repeat(43)}` }],
    ['with an empty cookie key', { COOKIE_KEYS: `${key()},` }],
  ])('%s', (_, changes) => {
    expect(faultsOf(changes)).toHaveLength(1);
  });
});
