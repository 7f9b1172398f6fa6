import { AccountsError } from '@gatehouse/accounts';
import type { ErrorRequestHandler } from 'express';
import { refusal } from '../languages/refusal.ts';

/** Whoever changes their account while something else secures it is told to look at it first. */
export const securedMeanwhile: ErrorRequestHandler = (error: unknown, _req, _res, next) => {
  if (!(error instanceof AccountsError) || error.code !== 'secured_meanwhile') return next(error);
  next(refusal(409, 'secured_meanwhile', { cause: error }));
};
