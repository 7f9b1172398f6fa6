import type { RequestHandler } from 'express';
import { finishContinue } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';

/** The person stays who they are. */
export function continueSignedIn({ provider }: InteractionDependencies): RequestHandler {
  return (req, res) => finishContinue(provider, req, res);
}
