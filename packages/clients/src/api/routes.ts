import type { Sealer } from '@gatehouse/encryption';
import { type Route, storable } from '@gatehouse/web';
import { json, type Request, type RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import { addClient } from '../add-client.ts';
import type { ChangeOrigin } from '../change.ts';
import { ClientsError, type ClientsErrorCode } from '../errors.ts';
import { removeClient } from '../remove-client.ts';
import { retirePreviousSecret, rotateSecret } from '../rotate-secret.ts';
import { updateClient } from '../update-client.ts';

/** The scope of an access token for this API. */
export const MANAGE_CLIENTS = 'clients:manage';

export interface ClientApiDependencies {
  db: Pool;
  sealer: Sealer;
  production: boolean;
  /** On whose behalf the guard has let the request in. */
  actorOf(req: Request): string;
}

const metadataBody = z.object({ metadata: z.unknown(), seen_at: z.coerce.date().optional() });
const rotationBody = z.object({
  seen_at: z.coerce.date().optional(),
  previous_until: z.coerce.date().min(new Date(0)).optional(),
});

const statuses: Record<ClientsErrorCode, number> = {
  metadata_invalid: 422,
  client_not_found: 404,
  client_exists: 409,
  client_is_first_party: 409,
  client_changed: 409,
  client_has_no_secret: 409,
  no_previous_secret: 409,
};

/**
 * What `pnpm client` does, over HTTP and on behalf of a person: each route is one function of this package. Secrets
 * stand in the answer that makes them and nowhere else. A refusal names its `error` and, at fault of the metadata,
 * every fault of every field.
 */
export function clientApiRoutes({ db, sealer, production, actorOf }: ClientApiDependencies): Route[] {
  const by = (req: Request): ChangeOrigin => ({ actorPersonId: actorOf(req), requestId: String(req.id) });
  const idOf = (req: Request) => String(req.params.id);

  const add = async (req: Request) =>
    addClient(db, sealer, read(metadataBody, req).metadata, { production, by: by(req) });

  const update = async (req: Request) => {
    const { metadata, seen_at: seenAt } = read(metadataBody, req);
    return updateClient(db, sealer, idOf(req), metadata, { production, seenAt, by: by(req) });
  };

  const rotate = async (req: Request) => {
    const { seen_at: seenAt, previous_until: previousUntil } = read(rotationBody, req);
    return rotateSecret(db, sealer, idOf(req), { seenAt, previousUntil, by: by(req) });
  };

  const retire = async (req: Request) => {
    await retirePreviousSecret(db, idOf(req), { by: by(req) });
    return {};
  };

  const remove = async (req: Request) => ({ ended: await removeClient(db, idOf(req), { by: by(req) }) });

  const route = (method: Route['method'], path: string, work: (req: Request) => Promise<object>): Route => ({
    method,
    path: `/api/clients${path}`,
    allow: { scope: MANAGE_CLIENTS },
    before: [storable(json({ limit: '64kb' }))],
    handler: answer(work),
  });

  return [
    route('post', '', add),
    route('put', '/:id', update),
    route('delete', '/:id', remove),
    route('post', '/:id/secret', rotate),
    route('delete', '/:id/previous-secret', retire),
  ];
}

function answer(work: (req: Request) => Promise<object>): RequestHandler {
  return async (req, res) => {
    res.set('cache-control', 'no-store');
    try {
      res.json(await work(req));
    } catch (error) {
      if (!(error instanceof ClientsError)) throw error;
      const { code, message, faults } = error;
      res.status(statuses[code]).json({ error: code, error_description: message, faults });
    }
  };
}

/** @throws {ClientsError} `metadata_invalid` for a body that is not what the route takes */
function read<Schema extends z.ZodType>(schema: Schema, req: Request): z.output<Schema> {
  const { success, data, error } = schema.safeParse(req.body ?? {});
  if (success) return data;
  throw new ClientsError(
    'metadata_invalid',
    'The request cannot be read:',
    error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
  );
}
