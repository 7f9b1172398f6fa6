import { designationsOf, findPerson } from '@gatehouse/directory';
import type { RequestHandler } from 'express';
import { type AccountDependencies, ownerOf } from './dependencies.ts';

/** Who the organisation says they are, and how they sign in. */
export function showProfile({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { id } = ownerOf(req).person;
    const [person, designations, password] = await Promise.all([
      findPerson(pool, id),
      designationsOf(pool, id),
      pool.query<{ changedAt: Date }>(
        'SELECT changed_at AS "changedAt" FROM credentials.password WHERE person_id = $1',
        [id],
      ),
    ]);
    res.render('account/profile', { person, designations, passwordChangedAt: password.rows[0]?.changedAt });
  };
}
