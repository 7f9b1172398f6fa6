import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { withoutService, withService } from './compose-file.ts';

const compose = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docker-compose.yml'), 'utf8');

it('gives an app what the template has, to the letter', () => {
  expect(withService(withoutService(compose, 'template'), 'template', 5)).toBe(compose);
});

it('takes an app out again without a trace', () => {
  expect(withoutService(withService(compose, 'street-works', 9), 'street-works')).toBe(compose);
  const both = withService(withService(compose, 'street-works', 9), 'grants', 10);
  expect(withoutService(both, 'street-works')).toBe(withService(compose, 'grants', 10));
  expect(withoutService(compose, 'not-there')).toBe(compose);
});

it('describes a service that the provisioning step knows', () => {
  const { services, secrets } = parse(withService(compose, 'street-works', 9), { merge: true });
  expect(services['street-works']).toMatchObject({
    ports: ['127.0.0.1:4009:4000'],
    environment: { ISSUER: '${ISSUER}', NODE_ENV: 'production' },
    secrets: ['street-works_database_url', 'street-works_client_secret', 'street-works_session_key'],
  });
  expect(services.provision.environment.STREET_WORKS_DATABASE_URL_FILE).toBe('/run/secrets/street-works_database_url');
  expect(services.provision.secrets).toContain('street-works_client_secret');
  expect(secrets['street-works_session_key']).toEqual({ file: './secrets/street-works_session_key' });
});
