import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type Request, type RequestHandler } from 'express';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorHandler } from './error-handler.ts';
import { floodGuard } from './flood-guard.ts';
import { createLog } from './log.ts';
import { loadAssets } from './static-assets.ts';

const LIMIT = 5;
const assets = loadAssets(join(import.meta.dirname, '..', 'public'));

let server: Server;
let warn: ReturnType<typeof vi.fn<(...args: unknown[]) => void>>;
beforeEach(async () => {
  warn = vi.fn<(...args: unknown[]) => void>();
  const log = Object.assign(createLog({ name: 'test', level: 'silent' }), { warn });
  const app = express();
  app.set('trust proxy', ['127.0.0.1']);
  app.locals.assets = assets;
  const done: RequestHandler = (_req, res) => void res.end();
  const shareOf = ({ path, query }: Request) => (path === '/auth' ? String(query.client_id) : undefined);
  app.use(floodGuard({ requestsPerMinute: LIMIT, log, shareOf }), done, errorHandler(log));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface Sender {
  path?: string;
  from?: string;
}

const send = ({ path = '/auth?client_id=finance', from = '192.0.2.1' }: Sender = {}) =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
    headers: { 'x-forwarded-for': from },
  });

async function answered(count: number, sender?: (n: number) => Sender): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, (_, n) => send(sender?.(n))));
  return answers.filter(({ status }) => status === 200).length;
}

describe('S87 a flood of requests', () => {
  it('is answered up to the limit and then refused with the time to wait, and logged once', async () => {
    expect(await answered(30)).toBe(LIMIT);
    const refused = await send();
    expect([refused.status, await refused.json()]).toMatchObject([429, { error: 'too_many_requests' }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(warn).toHaveBeenCalledExactlyOnceWith({ block: '192.0.2.1', share: 'finance' }, expect.any(String));
  });

  it('takes nothing from other shares at the same address, nor from other addresses', async () => {
    await answered(30);
    expect((await send({ path: '/auth?client_id=console' })).status).toBe(200);
    expect((await send({ from: '192.0.2.2' })).status).toBe(200);
    expect((await send()).status).toBe(429);
  });

  it('is limited in all where it names ever new shares, and where it comes from ever new addresses of one /64', async () => {
    expect(await answered(100, (n) => ({ path: `/auth?client_id=c${n}` }))).toBe(LIMIT * 10);
    expect(await answered(20, (n) => ({ from: `2001:db8:1:2::${n + 1}` }))).toBe(LIMIT);
  });

  it('S109 is limited at the pages too, and in all in a wider block of addresses; files of the look are free', async () => {
    expect(await answered(100, () => ({ path: '/interaction/uid' }))).toBe(LIMIT * 10);
    expect(await answered(250, (n) => ({ from: `2001:db8:aa:${(n << 8).toString(16)}::1` }))).toBe(LIMIT * 40);
    expect(await answered(150, (n) => ({ from: `198.51.100.${n}` }))).toBe(LIMIT * 20);
    expect(await answered(100, () => ({ path: assets.url('app.css') }))).toBe(100);
    expect(await answered(100, () => ({ path: '/assets/new', from: '192.0.2.7' }))).toBe(LIMIT * 10);
  });
});
