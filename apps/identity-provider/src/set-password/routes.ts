import { AccountsError, findLink, type PasswordHasher, setPasswordByLink, shortestPassword } from '@gatehouse/accounts';
import type { Postman } from '@gatehouse/mail';
import { csrf, defineRoutes, formBody, parseForm, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import { translatorOf } from '../languages/speak.ts';
import { inEachLanguage } from '../languages/translate.ts';
import { noReferrer, tokenOf } from '../link-token.ts';
import { tell } from '../mail/tell.ts';
import { passwordFault } from '../password-fault.ts';

export interface SetPasswordDependencies {
  pool: Pool;
  hasher: PasswordHasher;
  post: Postman | undefined;
  issuer: string;
  /** Signs the form tokens. */
  csrfKey: string;
}

const form = inEachLanguage((t) =>
  z
    .object({
      password: z.string({ error: t('password.missing') }).min(1, t('password.missing')),
      repeated: z.string({ error: t('password.set.againMissing') }),
    })
    .refine(({ password, repeated }) => password === repeated, {
      path: ['repeated'],
      error: t('password.different'),
    }),
);

/**
 * Where a one-time link leads: its person sets their password. Opening the page does not use the link up, because mail
 * scanners open links too.
 */
export function setPasswordRoutes(deps: SetPasswordDependencies): readonly Route[] {
  const { pool, hasher, csrfKey } = deps;
  const byMail = deps.post !== undefined;
  const show: RequestHandler = (req, res) => renderForm(req, res);

  const set: RequestHandler = async (req, res) => {
    const t = translatorOf(res);
    const parsed = parseForm(form(t), req.body);
    if (!parsed.ok) return renderForm(req, res.status(422), { errors: parsed.errors });
    const { password } = parsed.data;
    const origin = { address: req.ip, requestId: String(req.id) };
    try {
      const { personId } = await setPasswordByLink({ pool, hasher }, { token: tokenOf(req), password, ...origin });
      await tell(deps, res, personId, t('letters.notice.what.passwordSet'));
      res.render('set-password/done');
    } catch (error) {
      if (!(error instanceof AccountsError)) throw error;
      if (error.code === 'password_refused') {
        return renderForm(req, res.status(422), { errors: { password: passwordFault(t, error) } });
      }
      if (error.code !== 'link_unusable') throw error;
      res.status(410).render('set-password/link-unusable', { byMail });
    }
  };

  async function renderForm(req: Request, res: Response, { errors = {} } = {}) {
    const link = await findLink(pool, tokenOf(req));
    if (link === undefined) return res.status(410).render('set-password/link-unusable', { byMail });
    res.render('set-password/form', { ...link, token: tokenOf(req), shortestPassword, errors });
  }

  const before = [noReferrer, formBody(), csrf({ key: csrfKey, bindingOf: tokenOf })];
  return defineRoutes<never>()([
    { method: 'get', path: '/set-password', allow: 'public', before, handler: show },
    { method: 'post', path: '/set-password', allow: 'public', before, handler: set },
  ]);
}
