import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutgoing } from './outgoing.ts';

describe('createOutgoing', () => {
  const outgoing = createOutgoing(0.2);
  const server = createServer();
  afterEach(() => {
    server.closeAllConnections();
    server.close().removeAllListeners('request');
  });

  it('sends headers and body, and gives back status, headers and body', async () => {
    const url = await serve((req, res) => {
      res.writeHead(201, { 'content-type': 'text/plain', 'x-two': ['a', 'b'] });
      res.write(`${req.method} ${req.headers['x-sent']} `);
      req.pipe(res);
    });
    const headers = new Headers({ 'x-sent': 'yes' });
    const answer = await outgoing(url, { method: 'POST', headers, body: new URLSearchParams({ a: '1' }) });
    expect([answer.status, answer.headers.get('x-two'), await answer.text()]).toEqual([201, 'a, b', 'POST yes a=1']);
  });

  it('S58 does not follow a redirect', async () => {
    const url = await serve((_req, res) => res.writeHead(302, { location: '/elsewhere' }).end());
    expect((await outgoing(url, {})).status).toBe(302);
  });

  it.each<[string, RequestListener]>([
    ['R41 never answers', () => {}],
    ['never ends its answer', (_req, res) => void res.writeHead(200).write('{')],
    ['breaks off', (_req, res) => void res.writeHead(200, { 'content-length': 10 }).write('{', () => res.destroy())],
    ['sends more than any provider needs', (_req, res) => void res.end(Buffer.alloc(2 * 1024 * 1024))],
    ['answers a status that HTTP does not know', (_req, res) => void res.writeHead(999).end()],
  ])('S50 fails with provider_unreachable at a server that %s', async (_title, listener) => {
    await expect(outgoing(await serve(listener), {})).rejects.toMatchObject({ code: 'provider_unreachable' });
  });

  async function serve(listener: RequestListener): Promise<string> {
    server.on('request', listener);
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    return `http://localhost:${(server.address() as AddressInfo).port}/`;
  }
});
