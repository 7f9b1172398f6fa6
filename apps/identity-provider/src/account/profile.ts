import { factorsOf } from '@gatehouse/accounts';
import { listConsents } from '@gatehouse/clients';
import { designationsOf, findPerson } from '@gatehouse/directory';
import type { RequestHandler } from 'express';
import { type AccountDependencies, ownerOf } from './dependencies.ts';

/** Who the organisation says they are, how they sign in, and what they let apps of others have. */
export function showProfile({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { id } = ownerOf(req).person;
    const [person, designations, factors, consents] = await Promise.all([
      findPerson(pool, id),
      designationsOf(pool, id),
      factorsOf(pool, id),
      listConsents(pool, id),
    ]);
    res.render('account/profile', { person, designations, factors, consents });
  };
}
