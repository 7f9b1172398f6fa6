import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findLink } from '@gatehouse/accounts';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const createAdmin = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'create-admin.ts'), ...args], {
    env: { BASE_URL: 'https://id.example.org', OWNER_DATABASE_URL: db.ownerUrl },
  });
const nadia = [
  '--login',
  'nadia.berg',
  '--given-name',
  'Nadia',
  '--family-name',
  'Berg',
  '--email',
  'nadia@example.org',
];

it('S45 refuses while somebody administers already, and when told too little', async () => {
  await expect(createAdmin(...nadia)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('already') });
  await expect(createAdmin('--login', 'x')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--email'),
  });
});

it('S39 S45 prints a link at the configured address for the first administrator', async () => {
  await db.owner.query(
    `UPDATE directory.person SET status = 'disabled' WHERE id IN
       (SELECT person_id FROM directory.effective_role WHERE client_id = 'console' AND role = 'administrator')`,
  );
  const { stdout } = await createAdmin(...nadia);
  const link = new URL(/https:\S+/.exec(stdout)?.[0] ?? '');
  expect(link.origin + link.pathname).toBe('https://id.example.org/set-password');
  const found = await findLink(db.owner, link.searchParams.get('token') ?? '');
  expect(found).toMatchObject({ login: 'nadia.berg', name: 'Nadia Berg', purpose: 'first_administrator' });
});
