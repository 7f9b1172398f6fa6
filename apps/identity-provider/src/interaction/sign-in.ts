import { AccountsError, authenticate, beginSecondStep, factorsOf } from '@gatehouse/accounts';
import { parseForm } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { deviceOf } from '../device.ts';
import { interactionOf } from '../protocol/index.ts';
import { waitInWords } from '../wait-in-words.ts';
import { completeSignIn } from './complete-sign-in.ts';
import type { InteractionDependencies } from './dependencies.ts';
import { type Answer, renderSignIn } from './sign-in-page.ts';

const signInForm = z.object({
  login: z
    .string({ error: 'Enter your login' })
    .trim()
    .min(1, 'Enter your login')
    .max(254, 'That is too long for a login'),
  /** Of any length: the hasher's own limit answers like a wrong password. */
  password: z.string({ error: 'Enter your password' }).min(1, 'Enter your password'),
});

/**
 * Checks login and password, then asks for the second factor, where there is one, or resumes the authorization request;
 * or shows the form again with what was wrong.
 */
export function signIn(deps: InteractionDependencies): RequestHandler {
  const { provider, knownDevices } = deps;
  return async (req, res) => {
    const interaction = await interactionOf(provider, req, res);
    const form = parseForm(signInForm, req.body);
    if (!form.ok) return renderSignIn(deps, res, interaction, { status: 422, ...form });
    const { login, password } = form.data;
    let personId: string;
    try {
      ({ personId } = await authenticate(deps, {
        login,
        password,
        address: req.ip ?? '',
        device: deviceOf(req),
        knownDevice: knownDevices.idFor(req, login),
        clientId: interaction.client.clientId,
        requestId: String(req.id),
      }));
    } catch (error) {
      const answer = answerTo(error);
      if (error instanceof AccountsError && error.retryAfter) res.set('retry-after', String(error.retryAfter));
      return renderSignIn(deps, res, interaction, { ...answer, values: { login } });
    }
    knownDevices.remember(req, res, login);
    const amr = ['pwd'];
    const { totpSince } = await factorsOf(deps.pool, personId);
    if (!totpSince) return completeSignIn(deps, req, res, interaction, { personId, amr });
    await beginSecondStep(deps.pool, interaction.uid, { personId, amr });
    res.redirect(303, `/interaction/${interaction.uid}`);
  };
}

/** What the person is told. Which of login and password was wrong is nobody's business. */
function answerTo(error: unknown): Answer {
  if (!(error instanceof AccountsError)) throw error;
  switch (error.code) {
    case 'credentials_wrong':
      return { status: 422, errors: { password: 'The login or the password is wrong. Check both and try again.' } };
    case 'throttled':
      return {
        status: 429,
        errors: { form: `Too many attempts. Wait ${waitInWords(error.retryAfter)}, then try again.` },
      };
    case 'busy':
      return { status: 503, errors: { form: 'Very many people are signing in. Wait a moment, then try again.' } };
    default:
      throw error;
  }
}
