import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { declaredRoutes } from '@gatehouse/web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../testing/start-provider.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
afterAll(() => running.stop());

/** Sends bytes as they are, and resolves to all that comes back once the server has closed the connection. */
async function sendBytes(bytes: string): Promise<string> {
  const { port } = new URL(running.issuer);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

describe('S82 a request that two servers could read in two ways', () => {
  const host = () => new URL(running.issuer).host;
  const second = 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n';
  const post = (...headers: string[]) => ['POST /token HTTP/1.1', `Host: ${host()}`, ...headers, '', ''].join('\r\n');

  it.each<[string, () => string]>([
    ['a length and chunks', () => `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${second}`],
    ['chunks and a length', () => `${post('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n${second}`],
    ['two lengths', () => `${post('Content-Length: 0', `Content-Length: ${second.length}`)}${second}`],
    ['a list of lengths', () => `${post(`Content-Length: 0, ${second.length}`)}${second}`],
    ['a length with a sign', () => `${post('Content-Length: +5')}abcde${second}`],
    ['an unknown transfer encoding', () => `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${second}`],
    [
      'chunks that are not the last encoding',
      () => `${post('Transfer-Encoding: chunked, identity')}0\r\n\r\n${second}`,
    ],
    ['a space before the colon', () => `${post('Content-Length : 5')}abcde${second}`],
    ['a chunk size that is no number', () => `${post('Transfer-Encoding: chunked')}0x5\r\nabcde\r\n0\r\n\r\n${second}`],
    ['lines without carriage return', () => `GET /livez HTTP/1.1\nHost: ${host()}\n\n${second}`],
    ['no host', () => `GET /livez HTTP/1.1\r\n\r\n${second}`],
  ])('with %s gets 400, the connection is closed, and what follows is not answered', async (_, bytes) => {
    const answer = await sendBytes(bytes());
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });

  it('is answered, as is the one after it, where both are plain', async () => {
    const next = `GET /livez HTTP/1.1\r\nHost: ${host()}\r\nConnection: close\r\n\r\n`;
    const answer = await sendBytes(`${post('Content-Length: 5')}abcde${next}`);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 200']);
    expect(answer).toContain('"error":"invalid_request"');
  });
});

describe('S86 requests that are too large', () => {
  const many = new URLSearchParams(Array.from({ length: 10_000 }, (_, n) => [`p${n}`, 'x'])).toString();
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const post = (path: string, body: string, headers = form) =>
    fetch(running.issuer + path, { method: 'POST', body, headers });

  it.each(['/token', '/auth', '/session/end', '/session/end/confirm', '/forgotten-password'])(
    'are refused at %s, quickly, and the next one is answered',
    async (path) => {
      const before = performance.now();
      for (const body of [many, `x=${'x'.repeat(1_000_000)}`]) {
        expect([400, 413]).toContain((await post(path, body)).status);
      }
      expect(performance.now() - before).toBeLessThan(3000);
      expect((await fetch(`${running.issuer}/readyz`)).status).toBe(200);
    },
  );

  it('are refused in the address too', async () => {
    expect((await fetch(`${running.issuer}/auth?${many}`)).status).toBe(431);
  });
});

describe('S83 caches', () => {
  const cacheControl = (answer: Response | undefined) => answer?.headers.get('cache-control');
  const get = (path: string, init?: RequestInit) => fetch(running.issuer + path, { redirect: 'manual', ...init });

  it.each(['/.well-known/openid-configuration', '/jwks'])('may keep %s for a while', async (path) => {
    expect(cacheControl(await get(path))).toMatch(/^public, max-age=\d+$/);
  });

  it('may keep files whose address changes with their content', async () => {
    const page = await createBrowser().visit(`${running.issuer}/nowhere`);
    const [, style = ''] = /href="(\/assets\/app\.[\w-]+\.css)"/.exec(page.body) ?? [];
    expect(cacheControl(await get(style))).toContain('immutable');
    expect(cacheControl(await get(style.replace(/\.[\w-]+\.css/, '.css')))).toBe('no-store');
  });

  it('keep no answer of the protocol, whether it grants or refuses', async () => {
    const ask =
      '/auth?client_id=finance&response_type=code&scope=openid&redirect_uri=http%3A%2F%2Flocalhost%3A4003%2Fauth%2Fcallback';
    for (const path of [ask, '/auth', '/auth/unknown', '/me', '/session/end', '/device', '/token', '/nowhere']) {
      expect(cacheControl(await get(path)), path).toMatch(/no-store/);
    }
    for (const path of ['/token', '/token/introspection', '/token/revocation', '/request', '/device/auth']) {
      expect(cacheControl(await get(path, { method: 'POST' })), path).toMatch(/no-store/);
    }
  });

  it('keep no page that is declared, for whoever is signed in or not', async () => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'tomas.reyes');
    const paths = declaredRoutes(running.app)
      .filter(({ method }) => method === 'get')
      .map(({ path }) => path.replace(/:\w+/g, 'x'));
    expect(paths.length).toBeGreaterThan(10);
    for (const who of [browser, createBrowser()]) {
      for (const path of paths) {
        const answer = await who.visit(running.issuer + path, { follow: false });
        expect(answer.headers['cache-control'], path).toMatch(/no-store/);
      }
    }
  });
});
