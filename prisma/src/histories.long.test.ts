import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runPrisma } from '@gatehouse/schema-engine';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const histories = globSync('{prisma,apps/*/prisma}/schema.prisma', { cwd: root }).map((file) => dirname(file));

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.close());

describe('what the migrations make is what the schema says', () => {
  it.each(histories)(
    'in %s',
    async (history) => {
      const change = ['--from-config-datasource', '--to-schema', 'schema.prisma', '--exit-code'];
      const options = {
        cwd: join(root, history),
        env: { OWNER_DATABASE_URL: database.ownerUrl },
        output: 'capture',
      } as const;
      const { exitCode, output } = await runPrisma(['migrate', 'diff', ...change], options);
      expect(exitCode, output).toBe(0);
    },
    60_000,
  ); // Prisma's CLI takes seconds on a busy machine.
});
