import { AccountsError, authenticate, beginSecondStep, factorsOf, type Proof } from '@gatehouse/accounts';
import { parseForm, requiredText } from '@gatehouse/web';
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { deviceOf } from '../device.ts';
import { translatorOf } from '../languages/speak.ts';
import { inEachLanguage } from '../languages/translate.ts';
import { retryLater } from '../retry-later.ts';
import { completeSignIn } from './complete-sign-in.ts';
import type { InteractionDependencies } from './dependencies.ts';
import { openInteraction } from './open.ts';
import { isRemembered } from './remembered-device.ts';
import { type Answer, renderSignIn } from './sign-in-page.ts';

const signInForm = inEachLanguage((t) =>
  z.object({
    login: requiredText(t('signIn.loginMissing'), 254, t('signIn.loginTooLong')),
    /** Of any length: the hasher's own limit answers like a wrong password. */
    password: z.string({ error: t('signIn.passwordMissing') }).min(1, t('signIn.passwordMissing')),
  }),
);

/**
 * Checks login and password, then asks for the second factor, where there is one, or resumes the authorization request;
 * or shows the form again with what was wrong.
 */
export function signIn(deps: InteractionDependencies): RequestHandler {
  const { knownDevices } = deps;
  return async (req, res) => {
    const interaction = await openInteraction(deps, req, res);
    const t = translatorOf(res);
    const form = parseForm(signInForm(t), req.body);
    if (!form.ok) return renderSignIn(deps, res, interaction, { status: 422, ...form });
    const { login, password } = form.data;
    let proof: Proof;
    try {
      proof = await authenticate(deps, {
        login,
        password,
        address: req.ip ?? '',
        device: deviceOf(req),
        knownDevice: knownDevices.of(req),
        clientId: interaction.client.clientId,
        requestId: String(req.id),
      });
    } catch (error) {
      return renderSignIn(deps, res, interaction, { ...answerTo(res, error), values: { login } });
    }
    const { totpSince } = await factorsOf(deps.pool, proof.personId);
    if (!totpSince || (await isRemembered(deps, req, interaction, proof.personId)))
      return completeSignIn(deps, req, res, interaction, proof);
    await beginSecondStep(deps.pool, interaction.uid, proof);
    res.redirect(303, interaction.path + interaction.query);
  };
}

/** What the person is told. Which of login and password was wrong is nobody's business. */
function answerTo(res: Response, error: unknown): Answer {
  const isWrong = error instanceof AccountsError && error.code === 'credentials_wrong';
  return isWrong ? { status: 422, errors: { password: translatorOf(res)('signIn.wrong') } } : retryLater(res, error);
}
