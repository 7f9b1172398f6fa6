import { endSecondStep, findSecondStep } from '@gatehouse/accounts';
import type { RequestHandler } from 'express';
import { currentSignedInPerson, finishContinue, type Interaction, interactionOf } from '../protocol/index.ts';
import { renderAccountChoice } from './account-choice.ts';
import { renderConsent } from './consent.ts';
import type { InteractionDependencies } from './dependencies.ts';
import { renderSecondFactor } from './second-factor.ts';
import { renderSignIn } from './sign-in-page.ts';
import { renderWhyNot } from './why-not.ts';

/** The page for what the authorization request waits for. `?account=another` shows the sign-in form instead. */
export function showInteraction(deps: InteractionDependencies): RequestHandler {
  const { provider, pool } = deps;
  return async (req, res) => {
    const interaction = await interactionOf(provider, req, res);
    const wantsAnother = req.query.account === 'another';
    if (wantsAnother) await endSecondStep(pool, interaction.uid);
    else if (await findSecondStep(pool, interaction.uid)) return renderSecondFactor(res, interaction);
    const person = await currentSignedInPerson(provider, pool, req, res);
    if (person === undefined || (wantsAnother && interaction.prompt !== 'login')) {
      return renderSignIn(deps, res, interaction);
    }
    if (signedInElsewhere(interaction)) return finishContinue(provider, req, res);
    if (interaction.prompt === 'access') return renderWhyNot(deps, res, interaction, person);
    if (interaction.prompt === 'consent') return renderConsent(deps, res, interaction, person);
    if (interaction.prompt === 'select_account') return renderAccountChoice(res, interaction, person);
    return renderSignIn(deps, res, interaction);
  };
}

/** All that was missing is a session, and another tab has brought one since. */
const signedInElsewhere = ({ prompt, reasons }: Interaction): boolean =>
  prompt === 'login' && reasons.every((reason) => reason === 'no_session');
