import type { RequestHandler } from 'express';
import pino, { type Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

export interface LogOptions {
  /** The app's name on every line. */
  name: string;
  level: string;
  /** Coloured lines for a person at a terminal instead of JSON. Default: when standard output is one. */
  readable?: boolean;
}

const SECRETS = [
  'password',
  'client_secret',
  'clientSecret',
  'code_verifier',
  'id_token',
  'id_token_hint',
  'access_token',
  'refresh_token',
  'logout_token',
  'authorization',
  'cookie',
  '_csrf',
];

/** Lines leave together after at most this long: a system call for each would cost more than all else about it. */
const FLUSH_MS = 100;

/** A pino logger to standard output that drops secrets wherever they are one or two levels deep. */
export function createLog({ name, level, readable = process.stdout.isTTY }: LogOptions): Logger {
  const options: pino.LoggerOptions = {
    name,
    level,
    redact: { paths: SECRETS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]' },
  };
  return readable
    ? pino(options, pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }))
    : pino(options, pino.destination({ sync: false, minLength: 4096, periodicFlush: FLUSH_MS }));
}

const QUIET = /^\/(?:livez|readyz|assets\/)/;

/**
 * One line per finished request: method, path, status, milliseconds, request id.
 * Never the query or any header: those carry codes, states and cookies. Mount after `requestId()`.
 */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    quietReqLogger: true,
    quietResLogger: true,
    autoLogging: { ignore: (req) => QUIET.test(req.url ?? '') },
    customAttributeKeys: { reqId: 'requestId', responseTime: 'ms' },
    customLogLevel: (_req, res) => (res.statusCode >= 500 ? 'error' : 'info'),
    customSuccessMessage: (req, res) => `${req.method} ${pathOf(req)} ${res.statusCode}`,
    customErrorMessage: (req, res) => `${req.method} ${pathOf(req)} ${res.statusCode}`,
    customSuccessObject: (_req, _res, { ms }: { ms?: number }) => ({ ms }),
    customErrorObject: (_req, _res, _error, { ms }: { ms?: number }) => ({ ms }),
  });
}

const pathOf = (req: { originalUrl?: string; url?: string }) => (req.originalUrl ?? req.url ?? '').split('?')[0];
