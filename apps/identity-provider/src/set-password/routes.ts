import { createHmac } from 'node:crypto';
import {
  AccountsError,
  confirmByFactor,
  factorsOf,
  findLink,
  type PasswordHasher,
  passkeySignInOptions,
  setPasswordByLink,
  shortestPassword,
  wasJustUsed,
} from '@gatehouse/accounts';
import type { Sealer } from '@gatehouse/encryption';
import type { Postman } from '@gatehouse/mail';
import { csrf, defineRoutes, type FieldErrors, formBody, parseForm, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import { deviceOf } from '../device.ts';
import type { KnownDevices } from '../known-devices.ts';
import { translatorOf } from '../languages/speak.ts';
import { inEachLanguage } from '../languages/translate.ts';
import { noReferrer, tokenOf } from '../link-token.ts';
import { tell } from '../mail/tell.ts';
import { parseJson } from '../parse-json.ts';
import { passwordFault } from '../password-fault.ts';
import { retryLater } from '../retry-later.ts';

export interface SetPasswordDependencies {
  pool: Pool;
  hasher: PasswordHasher;
  /** Opens the secrets of authenticator apps. */
  sealer: Sealer;
  post: Postman | undefined;
  issuer: string;
  /** Signs the form tokens. */
  csrfKey: string;
  knownDevices: KnownDevices;
  /** Makes the challenges that passkeys sign. */
  passkeyKey: string;
}

const form = inEachLanguage((t) =>
  z
    .object({
      password: z.string({ error: t('password.missing') }).min(1, t('password.missing')),
      repeated: z.string({ error: t('password.set.againMissing') }),
      code: z
        .string()
        .trim()
        .max(100, t('common.tooLong', { max: 100 }))
        .optional(),
      response: z.string().optional(),
    })
    .refine(({ password, repeated }) => password === repeated, {
      path: ['repeated'],
      error: t('password.different'),
    }),
);

/**
 * Where a one-time link leads: its person sets their password. Opening the page does not use the link up, because mail
 * scanners open links too. Who has an authenticator app or a passkey shows it: a mailbox alone takes over no account.
 */
export function setPasswordRoutes(deps: SetPasswordDependencies): readonly Route[] {
  const { pool, hasher, sealer, issuer, csrfKey } = deps;
  const show: RequestHandler = (req, res) => renderForm(req, res);

  const set: RequestHandler = async (req, res) => {
    const t = translatorOf(res);
    const parsed = parseForm(form(t), req.body);
    if (!parsed.ok) return renderForm(req, res.status(422), { errors: parsed.errors });
    const { password, code, response } = parsed.data;
    const origin = { address: req.ip ?? '', requestId: String(req.id) };
    const passkey = response ? parseJson(response) : undefined;
    const knownDevice = deps.knownDevices.withFactorOf(req);
    const shown = {
      code,
      response: passkey,
      challenge: challengeFor(req),
      issuer,
      device: deviceOf(req),
      knownDevice,
      ...origin,
    };
    const confirm = (personId: string) => confirmByFactor({ pool, sealer }, personId, shown);
    try {
      const link = { token: tokenOf(req), password, confirm, ...origin };
      const { personId } = await setPasswordByLink({ pool, hasher }, link);
      await tell(deps, res, personId, t('letters.notice.what.passwordSet'));
      res.render('set-password/done');
    } catch (error) {
      if (!(error instanceof AccountsError)) throw error;
      if (error.code === 'link_unusable') return renderUnusable(req, res);
      const { status, errors } = answerTo(res, error);
      await renderForm(req, res.status(status), { errors });
    }
  };

  async function renderUnusable(req: Request, res: Response) {
    const justUsed = await wasJustUsed(pool, tokenOf(req));
    res.status(410).render('set-password/link-unusable', { justUsed, byMail: deps.post !== undefined });
  }

  async function renderForm(req: Request, res: Response, { errors = {} } = {}) {
    const link = await findLink(pool, tokenOf(req));
    if (link === undefined) return renderUnusable(req, res);
    const { totpSince, passkeys } = await factorsOf(pool, link.personId);
    res.render('set-password/form', {
      ...link,
      token: tokenOf(req),
      shortestPassword,
      errors,
      byCode: totpSince !== null,
      passkeyOptions:
        passkeys.length > 0 && JSON.stringify(passkeySignInOptions({ issuer, challenge: challengeFor(req) })),
    });
  }

  /** It follows from the link, so what a passkey signs here works for this link alone. */
  function challengeFor(req: Request): Buffer {
    return createHmac('sha256', deps.passkeyKey)
      .update(`set password\n${tokenOf(req)}`)
      .digest();
  }

  const before = [noReferrer, formBody(), csrf({ key: csrfKey, bindingOf: tokenOf })];
  return defineRoutes<never>()([
    { method: 'get', path: '/set-password', allow: 'public', before, handler: show },
    { method: 'post', path: '/set-password', allow: 'public', before, handler: set },
  ]);
}

function answerTo(res: Response, error: AccountsError): { status: number; errors: FieldErrors } {
  const t = translatorOf(res);
  switch (error.code) {
    case 'password_refused':
      return { status: 422, errors: { password: passwordFault(t, error) } };
    case 'factor_missing':
      return { status: 422, errors: { code: t('secondFactor.codeMissing'), form: t('password.set.factorMissing') } };
    case 'code_wrong':
      return { status: 422, errors: { code: t('secondFactor.codeWrong') } };
    case 'passkey_refused':
      return { status: 422, errors: { form: t('signIn.passkeyRefused') } };
    default:
      return retryLater(res, error);
  }
}
