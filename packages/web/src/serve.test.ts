import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import express from 'express';
import pino from 'pino';
import { expect, it } from 'vitest';
import { serve } from './serve.ts';

const log = pino({ level: 'silent' });

it.each(['SIGTERM', 'SIGINT'] as const)(
  'F23 finishes what is in flight at %s, closes, and ends with 0',
  async (signal) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'testing', 'stopping-server.ts')]);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const exit = once(child, 'exit');
    const port = (await lines.next()).value;
    const answer = fetch(`http://127.0.0.1:${port}/slow`).then((response) => response.text());
    expect((await lines.next()).value).toBe('request');
    child.kill(signal);
    expect(await answer).toBe('finished');
    const finished = performance.now();
    expect((await lines.next()).value).toBe('closed');
    expect(await exit).toEqual([0, null]);
    expect(performance.now() - finished, 'waits for no idle connection').toBeLessThan(5000);
  },
);

it('F23 stops once, however often it is asked, and takes no new connections', async () => {
  let closed = 0;
  const app = express();
  const { port, stop } = await serve(app, { port: 0, host: '127.0.0.1', log, onStop: () => closed++ });
  await Promise.all([stop(), stop()]);
  expect([closed, app.locals.draining]).toEqual([1, true]);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');
});

it('F24 keeps idle connections for longer than a balancer does', async () => {
  const app = express().get('/', (_req, res) => void res.send('hello'));
  const { port, stop } = await serve(app, { port: 0, host: '127.0.0.1', log });
  const { headers } = await fetch(`http://127.0.0.1:${port}/`);
  expect(Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
  await stop();
});

it('F23 asks for a new connection, elsewhere, with every answer while it drains', async () => {
  const app = express().get('/', (_req, res) => void res.send('hello'));
  const { port, stop } = await serve(app, { port: 0, host: '127.0.0.1', log, drainSeconds: 0.3 });
  const connectionHeader = async () => (await fetch(`http://127.0.0.1:${port}/`)).headers.get('connection');
  expect(await connectionHeader()).toBe('keep-alive');
  const stopped = stop();
  expect(await connectionHeader()).toBe('close');
  await stopped;
});

it('says that a port is taken', async () => {
  const first = await serve(express(), { port: 0, host: '127.0.0.1', log });
  await expect(serve(express(), { port: first.port, host: '127.0.0.1', log })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await first.stop();
});
