import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findNativeEngine } from './native-engine.ts';

let engines: string;

beforeAll(async () => {
  engines = await mkdtemp(join(tmpdir(), 'engines-'));
});

afterAll(() => rm(engines, { recursive: true }));

it('takes the engine that the environment names, wherever it is', () => {
  expect(findNativeEngine({ PRISMA_SCHEMA_ENGINE_BINARY: '/opt/schema-engine' }, engines)).toBe('/opt/schema-engine');
});

it('takes the engine that was downloaded, once it is complete', async () => {
  await writeFile(join(engines, 'schema-engine-debian-openssl-3.0.x.gz.sha256'), '');
  expect(findNativeEngine({}, engines)).toBeUndefined();
  await writeFile(join(engines, 'schema-engine-debian-openssl-3.0.x'), '');
  expect(findNativeEngine({}, engines)).toBe(join(engines, 'schema-engine-debian-openssl-3.0.x'));
});
