import { AccountsError, confirmEmailChange, findEmailChangeByToken } from '@gatehouse/accounts';
import type { Postman } from '@gatehouse/mail';
import { csrf, defineRoutes, emailInWords, formBody, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { Pool } from 'pg';
import { deviceInWords, deviceOf } from '../device.ts';
import { translatorOf } from '../languages/speak.ts';
import { noReferrer, tokenOf } from '../link-token.ts';
import { noticeLetter } from '../mail/letters.ts';

export interface ConfirmEmailDependencies {
  pool: Pool;
  post: Postman | undefined;
  /** Our own origin. */
  issuer: string;
  /** Signs the form tokens. */
  csrfKey: string;
}

/**
 * Where the link in a new mailbox leads: it becomes the address of its person, signed in or not, and the old one is
 * told. Opening the page does not use the link up, because mail scanners open links too.
 */
export function confirmEmailRoutes({ pool, post, issuer, csrfKey }: ConfirmEmailDependencies): readonly Route[] {
  const show: RequestHandler = async (req, res) => {
    const email = await findEmailChangeByToken(pool, tokenOf(req));
    if (email === undefined) return renderUnusable(res);
    res.render('confirm-email/form', { email, token: tokenOf(req) });
  };

  const confirm: RequestHandler = async (req, res) => {
    const origin = { address: req.ip ?? '', requestId: String(req.id) };
    try {
      const { name, earlier, email } = await confirmEmailChange(pool, { token: tokenOf(req), ...origin });
      const t = translatorOf(res);
      const what = t('email.letters.changed', { email: emailInWords(email), earlier: emailInWords(earlier) });
      const notice = { what, device: deviceInWords(t, deviceOf(req)), address: origin.address };
      for (const each of [earlier, email]) {
        post?.post(noticeLetter(t, { name, email: each }, notice, issuer));
      }
      res.render('confirm-email/done', { email });
    } catch (error) {
      if (!(error instanceof AccountsError) || error.code !== 'link_unusable') throw error;
      renderUnusable(res);
    }
  };

  const before = [noReferrer, formBody(), csrf({ key: csrfKey, bindingOf: (req: Request) => tokenOf(req) })];
  return defineRoutes<never>()([
    { method: 'get', path: '/confirm-email', allow: 'public', before, handler: show },
    { method: 'post', path: '/confirm-email', allow: 'public', before, handler: confirm },
  ]);
}

const renderUnusable = (res: Response): void => res.status(410).render('confirm-email/link-unusable');
