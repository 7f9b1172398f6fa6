import { endSecondStep, type Proof, recordSignIn } from '@gatehouse/accounts';
import type { Request, Response } from 'express';
import { deviceOf } from '../device.ts';
import { finishSignIn, type Interaction } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';

/** The person owes nothing any more: records the sign-in and resumes the authorization request. */
export async function completeSignIn(
  { provider, pool, knownDevices }: InteractionDependencies,
  req: Request,
  res: Response,
  interaction: Interaction,
  proof: Proof,
): Promise<void> {
  await endSecondStep(pool, interaction.uid);
  const origin = { address: req.ip, requestId: String(req.id), clientId: interaction.client.clientId };
  const { personId, amr } = proof;
  await recordSignIn(pool, { ...origin, personId, amr, device: deviceOf(req) });
  knownDevices.remember(req, res, proof);
  await finishSignIn(provider, req, res, proof);
}
