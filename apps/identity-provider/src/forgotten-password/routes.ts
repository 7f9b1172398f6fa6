import { AccountsError, requestReset, resetMinutes } from '@gatehouse/accounts';
import type { Postman } from '@gatehouse/mail';
import { csrf, defineRoutes, type FieldErrors, formBody, parseForm, type Route, requiredText } from '@gatehouse/web';
import type { RequestHandler, Response } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { KnownDevices } from '../known-devices.ts';
import { translatorOf } from '../languages/speak.ts';
import { inEachLanguage } from '../languages/translate.ts';
import { resetLetter } from '../mail/letters.ts';
import { waitInWords } from '../wait-in-words.ts';

export interface ForgottenPasswordDependencies {
  pool: Pool;
  post: Postman | undefined;
  /** Our own origin. */
  issuer: string;
  /** Signs the form tokens. */
  csrfKey: string;
  knownDevices: KnownDevices;
}

const form = inEachLanguage((t) =>
  z.object({ login: requiredText(t('password.forgotten.loginMissing'), 254, t('signIn.loginTooLong')) }),
);

/** Where somebody who has forgotten their password asks for a link by mail. The answer never tells who exists. */
export function forgottenPasswordRoutes({
  pool,
  post,
  issuer,
  csrfKey,
  knownDevices,
}: ForgottenPasswordDependencies): readonly Route[] {
  if (!post) return [];

  const ask: RequestHandler = async (req, res) => {
    const t = translatorOf(res);
    const parsed = parseForm(form(t), req.body);
    if (!parsed.ok) return renderForm(res.status(422), parsed);
    let makeLink: Awaited<ReturnType<typeof requestReset>>;
    try {
      const asked = { ...parsed.data, address: req.ip ?? '', knownDevice: knownDevices.of(req) };
      makeLink = await requestReset(pool, asked);
    } catch (error) {
      if (!(error instanceof AccountsError) || error.code !== 'throttled') throw error;
      res.set('retry-after', String(error.retryAfter));
      const errors = { form: t('password.forgotten.throttled', { wait: waitInWords(t, error.retryAfter) }) };
      return renderForm(res.status(429), { errors, values: parsed.data });
    }
    res.render('forgotten-password/sent', { resetMinutes });
    // Only after the answer, which takes the same time whoever was asked for.
    await makeLink()
      .then((person) => person && post.post(resetLetter(t, person, issuer)))
      .catch((err: unknown) => req.log.error({ err }, 'a link to choose a new password was not made'));
  };

  const before = [formBody(), csrf({ key: csrfKey, bindingOf: () => 'forgotten password' })];
  return defineRoutes<never>()([
    { method: 'get', path: '/forgotten-password', allow: 'public', before, handler: (_req, res) => renderForm(res) },
    { method: 'post', path: '/forgotten-password', allow: 'public', before, handler: ask },
  ]);
}

const renderForm = (res: Response, { errors = {}, values = {} }: { errors?: FieldErrors; values?: object } = {}) =>
  res.render('forgotten-password/form', { errors, values });
