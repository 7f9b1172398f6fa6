import { AccountsError, changePassword, shortestPassword } from '@gatehouse/accounts';
import { type FieldErrors, parseForm } from '@gatehouse/web';
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import { tell } from '../mail/tell.ts';
import { waitInWords } from '../wait-in-words.ts';
import { type AccountDependencies, originOf, ownerOf } from './dependencies.ts';

const form = z
  .object({
    current: z.string({ error: 'Enter your current password' }).min(1, 'Enter your current password'),
    password: z.string({ error: 'Choose a password' }).min(1, 'Choose a password'),
    repeated: z.string({ error: 'Repeat the new password' }),
  })
  .refine(({ password, repeated }) => password === repeated, { path: ['repeated'], error: 'The two are not the same' });

export const showPassword: RequestHandler = (_req, res) => renderPassword(res);

/** Takes the new password if the current one is right. No password is ever written back into the form. */
export function changeOwnPassword(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const parsed = parseForm(form, req.body);
    if (!parsed.ok) return renderPassword(res.status(422), parsed.errors);
    const { person, session } = ownerOf(req);
    const { current: currentPassword, password: newPassword } = parsed.data;
    const change = { personId: person.id, sessionUid: session.sid, currentPassword, newPassword, ...originOf(req) };
    try {
      await changePassword(deps, change);
    } catch (error) {
      const [status, errors] = answerTo(error);
      if (error instanceof AccountsError && error.retryAfter) res.set('retry-after', String(error.retryAfter));
      return renderPassword(res.status(status), errors);
    }
    await tell(deps, req, person.id, 'Your password was changed.');
    res.redirect(303, '/account?done=password');
  };
}

function answerTo(error: unknown): [status: number, errors: FieldErrors] {
  if (!(error instanceof AccountsError)) throw error;
  switch (error.code) {
    case 'credentials_wrong':
      return [422, { current: 'That is not your current password.' }];
    case 'password_refused':
      return [422, { password: error.message }];
    case 'throttled':
      return [429, { form: `Too many attempts. Wait ${waitInWords(error.retryAfter)}, then try again.` }];
    case 'busy':
      return [503, { form: 'Very many people are signing in. Wait a moment, then try again.' }];
    default:
      throw error;
  }
}

const renderPassword = (res: Response, errors: FieldErrors = {}) =>
  res.render('account/password', { errors, shortestPassword });
