import { AccountsError, cancelEmailChange, emailChangeMinutes, requestEmailChange } from '@gatehouse/accounts';
import { findPerson, parseEmail } from '@gatehouse/directory';
import type { Postman } from '@gatehouse/mail';
import { emailInWords, parseForm } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { translatorOf } from '../languages/speak.ts';
import { inEachLanguage, type Translate } from '../languages/translate.ts';
import { addressInUseLetter, confirmEmailLetter } from '../mail/letters.ts';
import { tell } from '../mail/tell.ts';
import { waitInWords } from '../wait-in-words.ts';
import { type AccountDependencies, accountOwner, originOf, ownerOf } from './dependencies.ts';

type EmailDependencies = AccountDependencies & { post: Postman };

const form = inEachLanguage((t) =>
  z.object({
    email: z
      .string({ error: t('email.missing') })
      .trim()
      .min(1, t('email.missing'))
      .max(254, t('email.tooLong'))
      .refine((typed) => parseEmail(typed) !== undefined, t('email.notOne')),
  }),
);

export const showEmail: RequestHandler = (_req, res) => renderEmail(res);

/**
 * Sends a link to the new address and a notice to the present one, which stays until the link is used. What the page
 * says is the same where the new address is somebody's already.
 */
export function changeOwnEmail(deps: EmailDependencies): RequestHandler {
  return async (req, res) => {
    const t = translatorOf(res);
    const parsed = parseForm(form(t), req.body);
    if (!parsed.ok) return renderEmail(res.status(422), parsed);
    const owner = accountOwner(req);
    try {
      const knownDevice = deps.knownDevices.of(req);
      const change = { ...owner, knownDevice, ...parsed.data, ...originOf(req) };
      const { email, token } = await requestEmailChange(deps.pool, change);
      await tell(deps, res, owner.personId, t('email.letters.asked', { email: emailInWords(email) }));
      await writeTo(deps, t, owner.personId, email, token);
    } catch (error) {
      if (!(error instanceof AccountsError)) throw error;
      return answerTo(t, error, req, res);
    }
    res.redirect(303, '/account?done=email-requested');
  };
}

async function writeTo(
  { pool, post, issuer }: EmailDependencies,
  t: Translate,
  personId: string,
  email: string,
  token: string | undefined,
): Promise<void> {
  if (!token) return post.post(addressInUseLetter(t, email, issuer));
  const person = await findPerson(pool, personId);
  if (person) post.post(confirmEmailLetter(t, { name: person.name, email, token }, issuer));
}

function answerTo(t: Translate, error: AccountsError, req: Request, res: Response): void {
  const values = { email: String((req.body as { email: unknown }).email) };
  switch (error.code) {
    case 'email_unchanged':
      return renderEmail(res.status(422), { values, errors: { email: t('email.unchanged') } });
    case 'throttled': {
      res.set('retry-after', String(error.retryAfter));
      const errors = { form: t('email.tooMany', { wait: waitInWords(t, error.retryAfter) }) };
      return renderEmail(res.status(429), { values, errors });
    }
    default:
      throw error;
  }
}

export function cancelOwnEmailChange(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    await cancelEmailChange(deps.pool, { personId: ownerOf(req).person.id, ...originOf(req) });
    res.redirect(303, '/account?done=email-cancelled');
  };
}

const renderEmail = (res: Response, given: object = {}): void =>
  res.render('account/email', { errors: {}, emailChangeMinutes, ...given });
