import {
  AccountsError,
  checkSecondFactor,
  factorsOf,
  findSecondStep,
  type Proof,
  rememberedDays,
} from '@gatehouse/accounts';
import { parseForm, requiredText } from '@gatehouse/web';
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { deviceOf } from '../device.ts';
import { translatorOf } from '../languages/speak.ts';
import { inEachLanguage } from '../languages/translate.ts';
import type { Interaction } from '../protocol/index.ts';
import { retryLater } from '../retry-later.ts';
import { completeSignIn } from './complete-sign-in.ts';
import type { InteractionDependencies } from './dependencies.ts';
import { openInteraction } from './open.ts';
import { passkeyOptions } from './passkey-options.ts';
import { remember } from './remembered-device.ts';
import type { Answer } from './sign-in-page.ts';

const form = inEachLanguage((t) =>
  z.object({
    code: requiredText(t('secondFactor.codeMissing'), 100, t('common.tooLong', { max: 100 })),
    remember: z.literal('yes').optional().catch(undefined),
  }),
);

/** The second step, for the person who passed the first one in this very interaction. */
export function secondFactor(deps: InteractionDependencies): RequestHandler {
  return async (req, res) => {
    const interaction = await openInteraction(deps, req, res);
    const t = translatorOf(res);
    const step = await findSecondStep(deps.pool, interaction.uid);
    // It took too long, or there was no first step: begin with that.
    if (!step) return res.redirect(303, interaction.path + interaction.query);
    const parsed = parseForm(form(t), req.body);
    if (!parsed.ok) return renderSecondFactor(deps, res, interaction, step, { status: 422, ...parsed });
    const { personId } = step;
    try {
      await checkSecondFactor(deps, {
        personId,
        code: parsed.data.code,
        address: req.ip ?? '',
        device: deviceOf(req),
        knownDevice: deps.knownDevices.withFactorOf(req),
        clientId: interaction.client.clientId,
        requestId: String(req.id),
      });
    } catch (error) {
      return renderSecondFactor(deps, res, interaction, step, answerTo(res, error));
    }
    if (parsed.data.remember) await remember(deps, req, res, step);
    await completeSignIn(deps, req, res, interaction, { ...step, amr: [...new Set([...step.amr, 'otp', 'mfa'])] });
  };
}

function answerTo(res: Response, error: unknown): Answer {
  const isWrong = error instanceof AccountsError && error.code === 'code_wrong';
  return isWrong
    ? { status: 422, errors: { code: translatorOf(res)('secondFactor.codeWrong') } }
    : retryLater(res, error);
}

/**
 * The second step, by whatever this person has that is strong enough for the app; where they have nothing, how to get
 * it. Codes are never written back: the one that was typed is used up or wrong.
 */
export async function renderSecondFactor(
  deps: InteractionDependencies,
  res: Response,
  interaction: Interaction,
  { personId }: Pick<Proof, 'personId'>,
  { status = 200, errors = {} }: Answer = {},
): Promise<void> {
  const { totpSince, passkeys } = await factorsOf(deps.pool, personId);
  const byCode = totpSince !== null && interaction.acrAsked !== 'phr';
  const byPasskey = passkeys.length > 0;
  const t = translatorOf(res);
  const view = {
    interaction,
    errors,
    byCode,
    byPasskey,
    rememberedDays,
    passkeyOptions: passkeyOptions(deps, interaction),
  };
  if (byCode || byPasskey) {
    return res.status(status).render('interaction/second-factor', { ...view, title: t('secondFactor.title') });
  }
  res.status(403).render('interaction/no-second-factor', { ...view, title: t('secondFactor.none.title') });
}
