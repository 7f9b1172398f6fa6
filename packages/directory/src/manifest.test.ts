import { describe, expect, it } from 'vitest';
import { defineApp, parseManifest } from './manifest.ts';

const grants = {
  clientId: 'street-works',
  title: 'Street works',
  description: 'Permits',
  portOffset: 9,
  roles: { officer: { title: 'Officer', description: 'Decides' } },
};
const faults = (changes: object) => {
  const { error } = parseManifestSafely({ ...grants, ...changes });
  return error;
};
function parseManifestSafely(manifest: unknown): { error: string } {
  try {
    parseManifest(manifest);
    return { error: '' };
  } catch (error) {
    return { error: String(error) };
  }
}

describe('S104 a manifest stays within its own walls', () => {
  it('has the schema that follows from its client id, or none', () => {
    expect(defineApp({ ...grants, schema: 'street_works' }).schema).toBe('street_works');
    expect(defineApp(grants).schema).toBeUndefined();
  });

  it.each(['finance', 'directory', 'credentials', 'public', 'street-works', 'STREET_WORKS', 'street_works;', ''])(
    'not the schema %j',
    (schema) => expect(faults({ schema })).toMatch(/schema/),
  );

  it('is of the kind of the console only if it is the console', () => {
    expect(faults({ kind: 'console' })).toContain('only the console');
    expect(faults({ clientId: 'console' })).toContain('the console has this name');
    expect(faults({ kind: 'provider' })).toContain('kind');
    expect(defineApp({ ...grants, clientId: 'console', kind: 'console' }).kind).toBe('console');
  });

  it.each([
    'account',
    'launcher',
    'identity-provider',
    'provider',
    'directory',
    'app-sessions',
    'public',
    'select',
    'pg-stat',
    'kind-console',
    'Account',
    'ａccount',
    'launcher ',
    'a_b',
    `a${'b'.repeat(30)}`,
    'constructor\u0000',
  ])('has no reserved or odd client id: %j', (clientId) => expect(faults({ clientId })).toContain('clientId'));

  it('gives no role that only every object has', () => {
    expect(faults({ accessRules: [{ role: 'constructor', department: 'finance' }] })).toContain('unknown role');
  });
});
