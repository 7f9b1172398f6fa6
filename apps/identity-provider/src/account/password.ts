import { AccountsError, changePassword, shortestPassword } from '@gatehouse/accounts';
import { type FieldErrors, parseForm } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { translatorOf } from '../languages/speak.ts';
import { inEachLanguage } from '../languages/translate.ts';
import { tell } from '../mail/tell.ts';
import { passwordFault } from '../password-fault.ts';
import { retryLater } from '../retry-later.ts';
import { type AccountDependencies, accountOwner, originOf, ownerOf } from './dependencies.ts';

const form = inEachLanguage((t) =>
  z
    .object({
      current: z.string({ error: t('password.change.currentMissing') }).min(1, t('password.change.currentMissing')),
      password: z.string({ error: t('password.missing') }).min(1, t('password.missing')),
      repeated: z.string({ error: t('password.change.againMissing') }),
    })
    .refine(({ password, repeated }) => password === repeated, {
      path: ['repeated'],
      error: t('password.different'),
    }),
);

export const showPassword: RequestHandler = (req, res) => renderPassword(req, res);

/** Takes the new password if the current one is right. No password is ever written back into the form. */
export function changeOwnPassword(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const t = translatorOf(res);
    const parsed = parseForm(form(t), req.body);
    if (!parsed.ok) return renderPassword(req, res.status(422), parsed.errors);
    const { person, session } = ownerOf(req);
    const { current: currentPassword, password: newPassword } = parsed.data;
    const change = { ...accountOwner(req), sessionUid: session.sid, currentPassword, newPassword, ...originOf(req) };
    const knownDevice = deps.knownDevices.of(req);
    try {
      await changePassword(deps, { ...change, knownDevice });
    } catch (error) {
      const { status, errors } = answerTo(res, error);
      return renderPassword(req, res.status(status), errors);
    }
    await tell(deps, res, person.id, t('letters.notice.what.passwordChanged'));
    res.redirect(303, '/account?done=password');
  };
}

function answerTo(res: Response, error: unknown): { status: number; errors: FieldErrors } {
  if (!(error instanceof AccountsError)) throw error;
  const t = translatorOf(res);
  switch (error.code) {
    case 'credentials_wrong':
      return { status: 422, errors: { current: t('password.change.currentWrong') } };
    case 'password_refused':
      return { status: 422, errors: { password: passwordFault(t, error) } };
    default:
      return retryLater(res, error);
  }
}

const renderPassword = (req: Request, res: Response, errors: FieldErrors = {}) =>
  res.render('account/password', { login: ownerOf(req).person.login, errors, shortestPassword });
