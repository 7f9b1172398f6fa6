import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMailbox } from '@gatehouse/mail';
import { createTestDatabase, freePort, type TestDatabase } from '@gatehouse/test-kit';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { killServers, spawnServer } from '../../testing/spawn-server.ts';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
  await createMailbox({ folder, from: 'Gatehouse <no-reply@id.example>' }).send({
    to: { name: 'Lena Novak', address: 'lena.novak@harbour.example' },
    subject: 'Your account is ready',
    greeting: 'Dear Lena Novak,',
    paragraphs: ['Choose a password.'],
    action: { label: 'Choose your password', url: 'http://localhost:4000/set-password?token=abc' },
  });
});
afterAll(async () => {
  killServers();
  rmSync(folder, { recursive: true });
  await db.close();
});

const start = async (env: Record<string, string>) => {
  const port = await freePort();
  const server = spawnServer(db, port, { MAIL_FOLDER: folder, ...env });
  await server.ready();
  return `http://localhost:${port}`;
};

it('shows each mail of this machine, with its link', { timeout: 90_000 }, async () => {
  const issuer = await start({});
  const browser = createBrowser();
  const page = load((await browser.visit(`${issuer}/mailbox`)).body);
  const first = page('main a[href^="/mailbox/"]').first();
  expect(first.text()).toBe('Your account is ready');
  const mail = load((await browser.visit(issuer + first.attr('href'))).body);
  expect(mail('main .prose a').attr('href')).toBe('http://localhost:4000/set-password?token=abc');
  expect((await browser.visit(`${issuer}/mailbox/..%2Fsecrets`)).status).toBe(404);
});

it('is not there in production, also where the folder is', { timeout: 90_000 }, async () => {
  await db.owner.query('UPDATE directory.person SET demo = false');
  const issuer = await start({ NODE_ENV: 'production' });
  for (const path of ['/mailbox', '/forgotten-password']) {
    expect((await createBrowser().visit(issuer + path)).status, path).toBe(404);
  }
});
