import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Express } from 'express';
import type { Logger } from './log.ts';

export interface ServeOptions {
  port: number;
  host: string;
  log: Logger;
  /** Closes what the app holds (database, workers) once no request is in flight any more. */
  onStop?: () => unknown;
  /**
   * Seconds for which `/readyz` fails before the listener closes, so that a balancer looks elsewhere; every answer in
   * that time is the last of its connection. Default 0.
   */
  drainSeconds?: number;
}

export interface RunningServer {
  port: number;
  stop(): Promise<void>;
}

const SECOND = 1000;
const DRAIN_LIMIT = 10 * SECOND;

/**
 * Listens, and stops gracefully on SIGTERM or SIGINT: readiness fails, no new connections, requests in flight
 * get up to ten seconds, then `onStop`. The process ends by itself when nothing is left open.
 * @throws Error of Node when the port is taken
 */
export async function serve(
  app: Express,
  { port, host, log, onStop, drainSeconds = 0 }: ServeOptions,
): Promise<RunningServer> {
  // An address of 8 KB, percent-encoded once more as the page to come back to after signing in.
  const server = createServer({ maxHeaderSize: 32 * 1024 }, app);
  // Longer than a balancer's idle time, or it reuses a connection that we are just closing (502).
  server.keepAliveTimeout = 65 * SECOND;
  server.headersTimeout = 15 * SECOND;
  server.requestTimeout = 30 * SECOND;
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  log.info(`listening on ${host}:${address.port}`);

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stopNow();
    return stopping;
  };
  const onSignal = (signal: NodeJS.Signals) => {
    log.info(`${signal}: stopping`);
    stop().catch((err: unknown) => {
      log.error({ err }, 'stopping failed');
      process.exitCode = 1;
    });
  };
  process.once('SIGTERM', onSignal).once('SIGINT', onSignal);

  async function stopNow() {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    app.locals.draining = true;
    server.prependListener('request', (_req, res) => (res.shouldKeepAlive = false));
    await delay(drainSeconds * SECOND);
    await close(server);
    await onStop?.();
    log.info('stopped');
  }

  return { port: address.port, stop };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT);
  server.close(() => resolve());
  // A connection whose last answer went out after `close` stays open for the next request, which must not come here.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await promise;
  clearInterval(sweep);
  clearTimeout(cut);
}
