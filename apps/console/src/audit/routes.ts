import { type AuditEventType, list } from '@gatehouse/audit';
import { findPerson } from '@gatehouse/directory';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type manifest from '../../manifest.ts';
import { describeEvents } from './describe-events.ts';

const perPage = 50;

const about = {
  'sign-ins': ['sign_in.succeeded', 'sign_in.failed', 'sign_in.throttled', 'session.ended'],
  apps: ['authorization.granted', 'authorization.refused', 'grant.revoked', 'logout.delivered', 'logout.failed'],
  people: ['person.created', 'person.disabled', 'person.enabled', 'password.set', 'link.created', 'link.used'],
  clients: ['client.registered', 'client.changed', 'client.secret_rotated', 'client.secret_retired', 'client.removed'],
  access: ['role.granted', 'role.withdrawn', 'appointment.started', 'appointment.ended'],
} satisfies Record<string, AuditEventType[]>;

const auditQuery = z.object({
  about: z.enum(['sign-ins', 'apps', 'people', 'access', 'clients']).optional().catch(undefined),
  person: z.uuid().optional().catch(undefined),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .catch(undefined),
});

/** The audit trail, the newest first. */
export function auditRoutes({ pool }: { pool: Pool }) {
  const showAudit: RequestHandler = async (req, res) => {
    const filter = auditQuery.parse(req.query);
    const types = filter.about && about[filter.about];
    const { person: personId, before } = filter;
    const [entries, person] = await Promise.all([
      list(pool, { types, personId, before, limit: perPage + 1 }),
      personId ? findPerson(pool, personId) : undefined,
    ]);
    const last = entries.length > perPage ? entries[perPage - 1] : undefined;
    const link = { ...(filter.about && { about: filter.about }), ...(personId && { person: personId }) };
    res.render('audit/audit', {
      events: await describeEvents(pool, entries.slice(0, perPage)),
      person,
      values: filter,
      older: last && `/audit?${new URLSearchParams({ ...link, before: last.id })}`,
    });
  };

  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/audit', allow: ['administrator', 'auditor'], handler: showAudit },
  ]);
}
