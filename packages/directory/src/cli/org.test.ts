import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantRole } from '../manage/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const org = (args: string[], env: Record<string, string> = { OWNER_DATABASE_URL: db.ownerUrl }) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { env });
const access = async () =>
  JSON.parse((await org(['access', '--json'])).stdout) as { login: string; client_id: string; roles: string[] }[];

describe('pnpm org access', () => {
  it('prints every person with every app, and the roles that they have there now', async () => {
    const everybody = await access();
    const { rows } = await db.owner.query(
      'SELECT (SELECT count(*) FROM directory.person) * (SELECT count(*) FROM directory.app) AS n',
    );
    expect(everybody).toHaveLength(Number(rows[0].n));
    const of = (login: string, client: string) =>
      everybody.find((each) => each.login === login && each.client_id === client)?.roles;
    expect(of('tomas.reyes', 'finance')).toEqual(['claimant', 'clerk']);
    expect(of('lena.novak', 'finance')).toEqual([]);
    expect(of('victor.stone', 'finance')).toEqual([]);
  });

  it('goes on where a part of the people ends, and agrees with what was just given', async () => {
    await db.owner.query(
      `INSERT INTO directory.person (login, name, given_name, family_name, email)
       SELECT 'many.' || n, 'Many', 'Many', n, 'many.' || n || '@harbour.example' FROM generate_series(1, 1100) n`,
    );
    const last = await db.personId('many.999');
    await grantRole(db.owner, { personId: last, clientId: 'finance', role: 'auditor', reason: 'test' });
    const everybody = await access();
    expect(new Set(everybody.map(({ login }) => login)).size).toBeGreaterThan(1100);
    expect(everybody.filter(({ roles }) => roles.includes('auditor')).map(({ login }) => login)).toContain('many.999');
    expect((await org(['access'])).stdout).toMatch(/^many\.999 +finance +auditor$/m);
  });

  it('says how it is used, and what is missing', async () => {
    await expect(org(['acess'])).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('org access') });
    await expect(org(['access'], {})).rejects.toMatchObject({ stderr: expect.stringContaining('OWNER_DATABASE_URL') });
  });
});
