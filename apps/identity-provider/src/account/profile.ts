import { factorsOf, findEmailChange } from '@gatehouse/accounts';
import { listConsents } from '@gatehouse/clients';
import { designationsOf, findPerson } from '@gatehouse/directory';
import type { RequestHandler } from 'express';
import { type AccountDependencies, ownerOf } from './dependencies.ts';

/** Who the organisation says they are, how they sign in, and what they let apps of others have. */
export function showProfile({ pool, post }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { id } = ownerOf(req).person;
    const [person, designations, factors, consents, emailChange] = await Promise.all([
      findPerson(pool, id),
      designationsOf(pool, id),
      factorsOf(pool, id),
      listConsents(pool, id),
      findEmailChange(pool, id),
    ]);
    const view = { person, designations, factors, consents, emailChange, byMail: post !== undefined };
    res.render('account/profile', view);
  };
}
