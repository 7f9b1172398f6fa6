import { beginSecondStep, endSecondStep, findSecondStep } from '@gatehouse/accounts';
import type { RequestHandler } from 'express';
import { currentSignedInPerson, finishContinue, type Interaction, proofOfSession } from '../protocol/index.ts';
import { renderAccountChoice } from './account-choice.ts';
import { renderConsent } from './consent.ts';
import type { InteractionDependencies } from './dependencies.ts';
import { openInteraction } from './open.ts';
import { renderSecondFactor } from './second-factor.ts';
import { renderSignIn } from './sign-in-page.ts';
import { renderWhyNot } from './why-not.ts';

/** The page for what the authorization request waits for. `?account=another` shows the sign-in form instead. */
export function showInteraction(deps: InteractionDependencies): RequestHandler {
  const { provider, pool } = deps;
  return async (req, res) => {
    const interaction = await openInteraction(deps, req, res);
    // Back from the account pages: this address is worth keeping too.
    if (Object.keys(req.query).length === 0) return res.redirect(303, interaction.path + interaction.query);
    const wantsAnother = req.query.account === 'another';
    if (wantsAnother) await endSecondStep(pool, interaction.uid);
    const step = await findSecondStep(pool, interaction.uid);
    if (step) return renderSecondFactor(deps, res, interaction, step);
    const person = await currentSignedInPerson(provider, pool, req, res);
    if (person === undefined || (wantsAnother && interaction.prompt !== 'login')) {
      return renderSignIn(deps, res, interaction);
    }
    if (signedInElsewhere(interaction)) return finishContinue(provider, req, res);
    if (!wantsAnother && onlyAnotherFactor(interaction) && person.personId === interaction.signedInPersonId) {
      const stepUp = proofOfSession(person);
      await beginSecondStep(pool, interaction.uid, stepUp);
      return renderSecondFactor(deps, res, interaction, stepUp);
    }
    if (interaction.prompt === 'access') return renderWhyNot(deps, res, interaction, person);
    if (interaction.prompt === 'consent') return renderConsent(deps, res, interaction, person);
    if (interaction.prompt === 'select_account') return renderAccountChoice(res, interaction, person);
    return renderSignIn(deps, res, interaction);
  };
}

/** All that was missing is a session, and another tab has brought one since. */
const signedInElsewhere = ({ prompt, reasons }: Interaction): boolean =>
  prompt === 'login' && reasons.every((reason) => reason === 'no_session');

/** Who they are is known and fresh enough; the app asks for a stronger sign-in, or the organisation does. */
const onlyAnotherFactor = ({ prompt, reasons }: Interaction): boolean =>
  prompt === 'login' && reasons.every((reason) => reason === 'acr_too_low' || reason === 'second_factor_required');
