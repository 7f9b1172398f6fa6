import { randomBytes } from 'node:crypto';
import type { RegisteredClient } from '@gatehouse/clients';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes, type FieldErrors, type FieldValues, parseForm } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type manifest from '../../manifest.ts';
import type { AccessToken } from '../provider-api.ts';
import { metadataFrom, newClientValues, valuesOf } from './client-form.ts';
import type { ClientCredentials, ClientManagement } from './client-management.ts';
import { countAffected } from './count-affected.ts';
import { advancedFields, mainFields, viewField } from './form-fields.ts';
import { asRefusal, errorsOf, obeyed, refusal } from './refusals.ts';
import { pathOf, requireClient } from './routes.ts';

interface Dependencies {
  pool: Pool;
  management: ClientManagement;
  accessToken: AccessToken;
}

/** Every field may be typed once or, where there is a choice, several times; the provider says what is right. */
const typedForm = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** What an administrator does to clients of others: asked of the identity provider, in the administrator's name. */
export function clientChangeRoutes({ pool, management, accessToken }: Dependencies) {
  const showNew: RequestHandler = (_req, res) => renderForm(res, { values: { ...newClientValues, ...freshId() } });

  const add: RequestHandler = async (req, res) => {
    const values = typedValues(req);
    // Sent a second time, the form names the same client and is refused.
    const clientId = String(values.client_id ?? '').trim() || String(values.fresh_id);
    const metadata = { ...metadataFrom(values), client_id: clientId };
    const made = await attempt(res, { values }, () => management.add(accessToken(req), metadata));
    if (made) showMade(res, made, 'added');
  };

  const showEdit: RequestHandler = async (req, res) => {
    const client = await requireChangeable(req);
    renderForm(res, { client, values: valuesOf(client) });
  };

  const edit: RequestHandler = async (req, res) => {
    const client = await requireChangeable(req);
    const values = typedValues(req);
    const made = await attempt(res, { client, values }, () =>
      management.update(accessToken(req), client.client_id, metadataFrom(values), seenAt(values)),
    );
    if (made) showMade(res, made, 'changed');
  };

  const rotate: RequestHandler = async (req, res) => {
    const client = await requireChangeable(req);
    const seen = seenAt(typedValues(req));
    const made = await obeyed(() => management.rotateSecret(accessToken(req), client.client_id, seen));
    showMade(res, made, 'changed');
  };

  const retire: RequestHandler = async (req, res) => {
    const client = await requireChangeable(req);
    await obeyed(() => management.retirePreviousSecret(accessToken(req), client.client_id));
    res.redirect(303, `${pathOf(client)}?done=retired`);
  };

  const confirmRemoval: RequestHandler = async (req, res) => {
    const client = await requireChangeable(req);
    const affected = await countAffected(pool, client.client_id);
    const isTold = client.metadata.backchannel_logout_uri !== undefined;
    res.render('clients/remove', { client, clientPath: pathOf(client), isTold, ...affected });
  };

  const remove: RequestHandler = async (req, res) => {
    const client = await requireChangeable(req);
    await obeyed(() => management.remove(accessToken(req), client.client_id));
    res.redirect(303, '/clients?done=removed');
  };

  async function requireChangeable(req: Request): Promise<RegisteredClient> {
    const client = await requireClient(pool, req);
    if (client.first_party) throw refusal('client_is_first_party');
    return client;
  }

  const allow = 'administrator' as const;
  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/new-client', allow, handler: showNew },
    { method: 'post', path: '/new-client', allow, handler: add },
    { method: 'get', path: '/clients/:id/edit', allow, handler: showEdit },
    { method: 'post', path: '/clients/:id/edit', allow, handler: edit },
    { method: 'post', path: '/clients/:id/secret', form: '/clients/:id', allow, handler: rotate },
    { method: 'post', path: '/clients/:id/previous-secret/retire', form: '/clients/:id', allow, handler: retire },
    { method: 'get', path: '/clients/:id/remove', allow, handler: confirmRemoval },
    { method: 'post', path: '/clients/:id/remove', allow, handler: remove },
  ]);
}

const freshId = () => ({ fresh_id: randomBytes(16).toString('base64url') });

function typedValues(req: Request): FieldValues {
  const form = parseForm(typedForm, req.body);
  return form.ok ? form.data : form.values;
}

const seenAt = ({ seen_at: seen }: FieldValues): string => String(seen ?? '');

interface ClientForm {
  /** The client that is edited; absent for a new one. */
  client?: RegisteredClient;
  values: FieldValues;
  errors?: FieldErrors;
}

function renderForm(res: Response, { client, values, errors = {} }: ClientForm): void {
  res.render('clients/form', {
    client,
    clientPath: client && pathOf(client),
    values,
    errors,
    seenAt: client?.updated_at.toISOString(),
    main: mainFields.map(viewField),
    advanced: advancedFields.map(viewField),
    advancedOpen: advancedFields.some(({ name }) => name in errors),
  });
}

/** Shows the form again, with what was typed, where that is at fault. */
async function attempt(
  res: Response,
  form: ClientForm,
  change: () => Promise<ClientCredentials>,
): Promise<ClientCredentials | undefined> {
  try {
    return await change();
  } catch (error) {
    const errors = errorsOf(error);
    if (!errors) throw asRefusal(error);
    res.status(422);
    renderForm(res, { ...form, errors });
    return undefined;
  }
}

/** A secret or key that was made is on this page and nowhere else; where there is none, the client's page says it. */
function showMade(res: Response, made: ClientCredentials, done: 'added' | 'changed'): void {
  const path = pathOf({ client_id: made.clientId });
  if (made.secret === undefined && !made.privateKey) return res.redirect(303, `${path}?done=${done}`);
  res.render('clients/credentials', { ...made, clientPath: path, done });
}
