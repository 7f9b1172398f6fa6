import { endSecondStep, recordSignIn } from '@gatehouse/accounts';
import type { Request, Response } from 'express';
import { deviceOf } from '../device.ts';
import { finishSignIn, type Interaction } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';

/** The person owes nothing any more: records the sign-in and resumes the authorization request. */
export async function completeSignIn(
  { provider, pool }: InteractionDependencies,
  req: Request,
  res: Response,
  interaction: Interaction,
  { personId, amr }: { personId: string; amr: readonly string[] },
): Promise<void> {
  await endSecondStep(pool, interaction.uid);
  const origin = { address: req.ip, requestId: String(req.id), clientId: interaction.client.clientId };
  await recordSignIn(pool, { ...origin, personId, amr, device: deviceOf(req) });
  await finishSignIn(provider, req, res, { personId, amr });
}
