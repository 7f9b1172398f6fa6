import { factorsOf, makeRecoveryCodes } from '@gatehouse/accounts';
import type { RequestHandler } from 'express';
import { translatorOf } from '../languages/speak.ts';
import { tell } from '../mail/tell.ts';
import { type AccountDependencies, accountOwner, originOf } from './dependencies.ts';

/** New recovery codes in place of the earlier ones, for somebody who has a second factor. Shown this one time. */
export function renewRecoveryCodes(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const owner = accountOwner(req);
    const { totpSince } = await factorsOf(deps.pool, owner.personId);
    if (!totpSince) return res.redirect(303, '/account');
    const codes = await makeRecoveryCodes(deps.pool, { ...owner, ...originOf(req) });
    await tell(deps, res, owner.personId, translatorOf(res)('letters.notice.what.codesRenewed'));
    res.render('account/recovery-codes', { codes, added: false, continueAt: '/account' });
  };
}
