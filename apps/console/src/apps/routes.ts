import { listApps } from '@gatehouse/directory';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import type { Pool } from 'pg';
import type manifest from '../../manifest.ts';
import { listRules } from './rules.ts';
import { changeSecondFactor } from './second-factor.ts';

/** Which apps there are, who may open each by rule, and who needs a second factor for it. */
export function appRoutes({ pool }: { pool: Pool }) {
  const showApps: RequestHandler = async (req, res) => {
    const [apps, audiences, rules] = await Promise.all([listApps(pool), countAudiences(pool), listRules(pool)]);
    res.render('apps/apps', { apps, audiences, rules, mayAct: req.auth!.roles.includes('administrator') });
  };

  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/apps', allow: ['administrator', 'auditor'], handler: showApps },
    {
      method: 'post',
      path: '/apps/second-factor',
      form: '/apps',
      allow: 'administrator',
      handler: changeSecondFactor({ pool }),
    },
  ]);
}

/** How many people may open each app at this moment. */
async function countAudiences(pool: Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ clientId: string; people: number }>(
    'SELECT client_id AS "clientId", count(*)::int AS people FROM directory.openable_app GROUP BY client_id',
  );
  return new Map(rows.map(({ clientId, people }) => [clientId, people]));
}
