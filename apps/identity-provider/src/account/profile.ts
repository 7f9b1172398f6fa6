import { factorsOf } from '@gatehouse/accounts';
import { designationsOf, findPerson } from '@gatehouse/directory';
import type { RequestHandler } from 'express';
import { type AccountDependencies, ownerOf } from './dependencies.ts';

/** Who the organisation says they are, and how they sign in. */
export function showProfile({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { id } = ownerOf(req).person;
    const [person, designations, factors] = await Promise.all([
      findPerson(pool, id),
      designationsOf(pool, id),
      factorsOf(pool, id),
    ]);
    res.render('account/profile', { person, designations, factors });
  };
}
