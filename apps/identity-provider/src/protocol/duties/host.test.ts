import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../../../testing/raw-request.ts';
import { type RunningProvider, startProvider } from '../../../testing/start-provider.ts';
import { pinnedHost } from '../../pinned-host.ts';
import { createServerEndpoints } from '../routes.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
afterAll(() => running.stop());

/** Where an app would be sent to redeem its codes, by discovery that somebody asked for with headers of their own. */
async function tokenEndpoint(...guards: RequestHandler[]): Promise<string> {
  const answerError: express.ErrorRequestHandler = (error, _req, res, _next) => void res.status(error.status).json({});
  const app = express().use(...guards, createServerEndpoints(running.provider), answerError);
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const forged = {
    host: new URL(running.issuer).host,
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
  };
  const answer = await rawRequest({ issuer }, '/.well-known/openid-configuration', forged);
  server.closeAllConnections();
  server.close();
  return JSON.parse(answer.body).token_endpoint;
}

describe('duty 7 S79 P36 every address is the issuer’s, whatever the request says', () => {
  it('with the guard, forged headers change nothing', async () => {
    expect(await tokenEndpoint(pinnedHost(running.issuer))).toBe(`${running.issuer}/token`);
  });

  it('without it, they send apps with codes and secrets to another host', async () => {
    expect(await tokenEndpoint()).toBe('https://evil.example/token');
  });
});
