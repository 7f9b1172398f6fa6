import { AccountsError, authenticatePasskey, findSecondStep, type Proof } from '@gatehouse/accounts';
import type { RequestHandler, Response } from 'express';
import { deviceOf } from '../device.ts';
import { translatorOf } from '../languages/speak.ts';
import { parseJson } from '../parse-json.ts';
import { retryLater } from '../retry-later.ts';
import { completeSignIn } from './complete-sign-in.ts';
import type { InteractionDependencies } from './dependencies.ts';
import { openInteraction } from './open.ts';
import { challengeOf } from './passkey-options.ts';
import { renderSecondFactor } from './second-factor.ts';
import { type Answer, renderSignIn } from './sign-in-page.ts';

/** Signs in whoever's passkey signed this interaction's challenge. It is both factors at once. */
export function signInByPasskey(deps: InteractionDependencies): RequestHandler {
  return async (req, res) => {
    const interaction = await openInteraction(deps, req, res);
    let who: Proof;
    try {
      who = await authenticatePasskey(deps.pool, {
        response: parseJson((req.body as { response?: unknown } | undefined)?.response),
        challenge: challengeOf(deps, interaction),
        issuer: deps.issuer,
        device: deviceOf(req),
        address: req.ip,
        clientId: interaction.client.clientId,
        requestId: String(req.id),
      });
    } catch (error) {
      const answer = answerTo(res, error);
      const step = await findSecondStep(deps.pool, interaction.uid);
      if (step) return renderSecondFactor(deps, res, interaction, step, answer);
      return renderSignIn(deps, res, interaction, answer);
    }
    await completeSignIn(deps, req, res, interaction, who);
  };
}

function answerTo(res: Response, error: unknown): Answer {
  const isRefused = error instanceof AccountsError && error.code === 'passkey_refused';
  return isRefused
    ? { status: 422, errors: { form: translatorOf(res)('signIn.passkeyRefused') } }
    : retryLater(res, error);
}
