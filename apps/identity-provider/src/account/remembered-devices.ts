import { forgetOwnDevices } from '@gatehouse/accounts';
import type { RequestHandler } from 'express';
import { type AccountDependencies, originOf, ownerOf } from './dependencies.ts';

/** Every browser is asked for the second factor again, this one too. */
export function forgetRememberedDevices({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    await forgetOwnDevices(pool, { personId: ownerOf(req).person.id, ...originOf(req) });
    res.redirect(303, '/account/sessions?done=forgotten');
  };
}
