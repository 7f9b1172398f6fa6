import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findLink } from '@gatehouse/accounts';
import { createMailbox } from '@gatehouse/mail';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { giveAuthenticator } from '../testing/authenticator.ts';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.close();
});

const invite = (changes: Record<string, string> = {}, env: Record<string, string> = { MAIL_FOLDER: folder }) => {
  const person = {
    login: 'Ivo.Marsh',
    'given-name': 'Ivo',
    'family-name': 'Marsh',
    email: 'Ivo.Marsh@harbour.example',
  };
  const options = Object.entries({ ...person, ...changes }).flatMap(([name, value]) => [`--${name}`, value]);
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, 'person.ts'), 'invite', ...options], {
    env: { BASE_URL: 'https://id.example.org', OWNER_DATABASE_URL: db.ownerUrl, ...env },
  });
};
const removeFactors = (login: string) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'person.ts'), 'remove-factors', '--login', login], {
    env: { BASE_URL: 'https://id.example.org', OWNER_DATABASE_URL: db.ownerUrl },
  });
const tokenIn = (text: string) => /https:\/\/id\.example\.org\/set-password\?token=(\S+)/.exec(text)?.[1] ?? '';

it('S39 S42 invites a person by a mail with a link at the configured address', async () => {
  const { stdout } = await invite();
  expect(stdout).toContain('Ivo Marsh is invited');
  const [mail] = await createMailbox({ folder, from: 'x@example.org' }).list();
  expect(mail).toMatchObject({ subject: 'Your account is ready', to: { address: 'ivo.marsh@harbour.example' } });
  const link = await findLink(db.owner, tokenIn(mail?.text ?? ''));
  expect(link).toMatchObject({ login: 'ivo.marsh', name: 'Ivo Marsh', purpose: 'invitation' });
});

it('invites again somebody who has no password yet, and prints the link where no mail is configured', async () => {
  const { stdout } = await invite({}, {});
  expect(await findLink(db.owner, tokenIn(stdout))).toMatchObject({ login: 'ivo.marsh' });
});

it('P47 invites in the language that is named, and refuses one that it does not speak', async () => {
  await invite({ language: 'fr' });
  const [mail] = await createMailbox({ folder, from: 'x@example.org' }).list();
  expect(mail).toMatchObject({ subject: 'Votre compte est prêt', text: expect.stringContaining('Bonjour Ivo Marsh,') });
  await expect(invite({ language: 'xx' })).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('"fr"') });
});

it('S71d takes no name of several lines', async () => {
  await expect(invite({ login: 'eve', 'given-name': 'Eve\r\nBcc: all@harbour.example' })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('must be one line'),
  });
  const { rows } = await db.owner.query(`SELECT FROM directory.person WHERE login = 'eve'`);
  expect(rows).toEqual([]);
});

it('makes nobody twice', async () => {
  const rejected = (text: string) => ({ code: 1, stderr: expect.stringContaining(text) });
  await expect(invite({ login: 'tomas.reyes' })).rejects.toMatchObject(rejected('has the login tomas.reyes already'));
  await expect(invite({ email: 'tomas.reyes@harbour.example', login: 'ivo' })).rejects.toMatchObject(
    rejected('has the address tomas.reyes@harbour.example already'),
  );
  await expect(invite({ email: 'no address' })).rejects.toMatchObject(rejected('email'));
  const { rows } = await db.owner.query(`SELECT count(*)::int AS count FROM directory.person WHERE login LIKE 'ivo%'`);
  expect(rows[0].count).toBe(1);
});

it('takes the second factors from somebody who has lost them, and ends their sessions', async () => {
  await giveAuthenticator({ db, pool: db.owner }, 'dev.patel');
  expect((await removeFactors('dev.patel')).stdout).toContain('password alone');
  expect((await removeFactors('dev.patel')).stdout).toContain('has no second factor');
  await expect(removeFactors('nobody.here')).rejects.toMatchObject({
    code: 1,
    stderr: 'Nobody has the login nobody.here\n',
  });
  const { rows } = await db.owner.query(`SELECT detail FROM audit.event WHERE type = 'factor.removed'`);
  expect(rows).toEqual([{ detail: { factor: 'totp' } }]);
});
