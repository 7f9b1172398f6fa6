import type { Pool } from 'pg';

/** What somebody may do in one app at this moment. */
export interface Access {
  login: string;
  /** The app. */
  clientId: string;
  /** Empty for whoever has none there. */
  roles: string[];
}

const PEOPLE_AT_ONCE = 500;

/** Every person with every app, by login: a part of the people at a time, however many there are. */
export async function* everyAccess(db: Pool): AsyncGenerator<Access> {
  let after = '';
  for (;;) {
    const { rows } = await db.query<Access>(
      `WITH people AS MATERIALIZED (
         SELECT id, login FROM directory.person WHERE login > $1 ORDER BY login LIMIT ${PEOPLE_AT_ONCE}
       ), held AS MATERIALIZED (
         SELECT person_id, client_id, array_agg(role ORDER BY role) AS roles FROM directory.effective_role
         WHERE person_id IN (SELECT id FROM people) GROUP BY person_id, client_id
       )
       SELECT p.login, a.client_id AS "clientId", coalesce(h.roles, '{}') AS roles
       FROM people p CROSS JOIN directory.app a LEFT JOIN held h ON h.person_id = p.id AND h.client_id = a.client_id
       ORDER BY p.login, a.client_id`,
      [after],
    );
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.login;
  }
}
