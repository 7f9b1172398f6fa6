import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { frontPage } from './pages.ts';

const env = {
  ISSUER: 'http://localhost:9',
  CLIENT_ID: 'test',
  CLIENT_SECRET: 'test',
  BASE_URL: 'http://localhost:8',
  SESSION_KEY: 'q7Jc0p3dS1mWvUu2nXKf5yTzR8LhBg4AeO9iD6xC_ZE',
  PORT: '8',
};

void test('sends somebody who is signed out to sign in, and a script gets 401', async (context) => {
  const server = createApp({ config: loadConfig(env) }).listen(0, 'localhost');
  await once(server, 'listening');
  context.after(() => server.close().closeAllConnections());
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  // As a browser goes to a page; fetch says of itself that it is a script.
  const request = get(`${url}/`, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
  const [opened] = (await once(request, 'response')) as [IncomingMessage];
  opened.resume();
  assert.deepEqual([opened.statusCode, opened.headers.location], [302, '/auth/login?return_to=%2F']);
  assert.equal((await fetch(`${url}/`)).status, 401);
  assert.equal((await fetch(`${url}/livez`)).status, 200);
  assert.equal((await fetch(`${url}/style.css`)).status, 200);
});

void test('names every variable that is missing', () => {
  assert.throws(() => loadConfig({ ...env, ISSUER: '', PORT: '' }), /ISSUER, PORT/);
});

void test('shows a name as text', () => {
  assert.match(frontPage({ id: '1', login: 'a', email: 'a@b', name: '<b>' }), /Hello &lt;b&gt;/);
});
