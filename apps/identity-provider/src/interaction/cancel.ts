import type { RequestHandler } from 'express';
import { finishRefused } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';

/** Back to the app without signing in. */
export function cancel({ provider }: InteractionDependencies): RequestHandler {
  return (req, res) => finishRefused(provider, req, res, { description: 'the person cancelled the sign-in' });
}
