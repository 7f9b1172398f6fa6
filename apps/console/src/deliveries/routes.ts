import { findPerson } from '@gatehouse/directory';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type manifest from '../../manifest.ts';
import { pageNumber, pagination } from '../pagination.ts';
import { describeError } from './describe-error.ts';
import { appsWithDeliveries, countDeliveries, listDeliveries, states } from './list-deliveries.ts';

const perPage = 25;

const deliveriesQuery = z.object({
  state: z.enum(states).optional().catch(undefined),
  app: z.string().min(1).max(128).optional().catch(undefined),
  person: z.uuid().optional().catch(undefined),
  page: pageNumber,
});

/** What became of telling apps elsewhere that people have signed out. */
export function deliveryRoutes({ pool }: { pool: Pool }) {
  const showDeliveries: RequestHandler = async (req, res) => {
    const { page, ...shown } = deliveriesQuery.parse(req.query);
    const filter = { state: shown.state, clientId: shown.app, personId: shown.person };
    const [deliveries, count, apps, person] = await Promise.all([
      listDeliveries(pool, filter, { limit: perPage, offset: (page - 1) * perPage }),
      countDeliveries(pool, filter),
      appsWithDeliveries(pool),
      shown.person ? findPerson(pool, shown.person) : undefined,
    ]);
    res.render('deliveries/deliveries', {
      deliveries: deliveries.map(({ lastError, ...delivery }) => ({
        ...delivery,
        why: lastError && delivery.state !== 'told' ? describeError(lastError) : undefined,
      })),
      count,
      apps,
      person,
      values: shown,
      pagination: pagination('/deliveries', shown, { page, perPage, count }),
    });
  };

  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/deliveries', allow: 'administrator', handler: showDeliveries },
  ]);
}
