import type { ErrorRequestHandler } from 'express';
import { refusal } from './languages/refusal.ts';

/**
 * SQLSTATE classes 08 (no connection), 53 (out of resources), 57P (shutting down), a wait that was given up (57014 by
 * time, 55P03 for a lock), and what Node says of sockets.
 */
const CODES = /^(?:08|53|57P|57014|55P03|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_)/;
const MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/;

export const RETRY_AFTER_SECONDS = 5;

/** Whether an error means that the database cannot be reached at the moment, rather than that something is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && CODES.test(code)) || MESSAGES.test(error.message);
}

/** While the database is away, people and clients are told to come back, not that something broke. */
export const databaseAway: ErrorRequestHandler = (error: unknown, _req, _res, next) => {
  if (!isDatabaseAway(error)) return next(error);
  const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) };
  next(refusal(503, 'database_away', { cause: error, headers }));
};
