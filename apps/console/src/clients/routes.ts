import { countClients, findClient, listClients, type RegisteredClient } from '@gatehouse/clients';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes, HttpError } from '@gatehouse/web';
import type { Request, RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type manifest from '../../manifest.ts';
import { pageNumber, pagination } from '../pagination.ts';
import { describeClient } from './client-form.ts';
import { countAffected } from './count-affected.ts';

const perPage = 25;

const clientsQuery = z.object({
  search: z.string().trim().max(100).optional().catch(undefined),
  page: pageNumber,
});

/** Which clients there are, and what each is registered for. No secret is known here. */
export function clientRoutes({ pool }: { pool: Pool }) {
  const showClients: RequestHandler = async (req, res) => {
    const { page, ...filter } = clientsQuery.parse(req.query);
    const [clients, count] = await Promise.all([
      listClients(pool, { ...filter, limit: perPage, offset: (page - 1) * perPage }),
      countClients(pool, filter),
    ]);
    res.render('clients/clients', {
      clients,
      count,
      values: filter,
      mayAdd: isAdministrator(req),
      pagination: pagination('/clients', filter, { page, perPage, count }),
    });
  };

  const showClient: RequestHandler = async (req, res) => {
    const client = await requireClient(pool, req);
    const { signIns } = await countAffected(pool, client.client_id);
    res.render('clients/client', {
      client,
      clientPath: pathOf(client),
      signIns,
      details: describeClient(client),
      mayChange: isAdministrator(req) && !client.first_party,
    });
  };

  const everyone = ['administrator', 'auditor'] as const;
  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/clients', allow: everyone, handler: showClients },
    { method: 'get', path: '/clients/:id', allow: everyone, handler: showClient },
  ]);
}

/** @throws HttpError 404 when the path names no registered client */
export async function requireClient(pool: Pool, req: Request): Promise<RegisteredClient> {
  const client = await findClient(pool, String(req.params.id));
  if (client === undefined) throw new HttpError(404, 'client_unknown', 'There is no such client.');
  return client;
}

export const pathOf = ({ client_id: clientId }: { client_id: string }): string =>
  `/clients/${encodeURIComponent(clientId)}`;

const isAdministrator = (req: Request) => req.auth!.roles.includes('administrator');
