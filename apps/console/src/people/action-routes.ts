import { AccountsError, disablePerson, enablePerson, endSessions, listSessions } from '@gatehouse/accounts';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes, HttpError, parseForm, requiredText } from '@gatehouse/web';
import type { Request, RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import manifest from '../../manifest.ts';
import { requirePerson } from './routes.ts';

const disableForm = z.object({ reason: requiredText('Say why, for the audit', 200) });
const sessionForm = z.object({ session: z.string().max(100).optional() });

const refusals: Partial<Record<AccountsError['code'], string>> = {
  own_account: 'You cannot disable your own account. Another administrator can.',
  last_administrator: 'This is the last administrator. Appoint another one first.',
};

/** What an administrator does to a person's account. Each takes hold on their next request, in every app. */
export function actionRoutes({ pool }: { pool: Pool }) {
  const confirmDisabling: RequestHandler = async (req, res) => {
    const person = await requirePerson(pool, req);
    res.render('people/disable', { person, sessions: await listSessions(pool, person.id) });
  };

  const disable: RequestHandler = async (req, res) => {
    const person = await requirePerson(pool, req);
    const form = parseForm(disableForm, req.body);
    if (!form.ok) {
      const sessions = await listSessions(pool, person.id);
      return res.status(422).render('people/disable', { person, sessions, ...form });
    }
    await refusable(async () => disablePerson(pool, { personId: person.id, ...form.data, ...originOf(req) }));
    res.redirect(303, `/people/${person.id}?done=disabled`);
  };

  const enable: RequestHandler = async (req, res) => {
    const person = await requirePerson(pool, req);
    await enablePerson(pool, { personId: person.id, ...originOf(req) });
    res.redirect(303, `/people/${person.id}?done=enabled`);
  };

  const end: RequestHandler = async (req, res) => {
    const person = await requirePerson(pool, req);
    const form = parseForm(sessionForm, req.body);
    if (!form.ok) throw new HttpError(400, 'invalid_request', 'Choose one session, or all of them.');
    const { session } = form.data;
    const ending = { reason: 'ended_by_administrator' as const, ...originOf(req) };
    if (session === undefined) await endSessions(pool, { personId: person.id }, ending);
    else if (await isTheirs(person.id, session)) await endSessions(pool, { sessionUid: session }, ending);
    res.redirect(303, `/people/${person.id}?done=ended`);
  };

  /** A session that has ended meanwhile is nobody's: the outcome that was asked for is there already. */
  const isTheirs = async (personId: string, sessionUid: string) =>
    (await listSessions(pool, personId)).some((session) => session.sessionUid === sessionUid);

  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/people/:id/disable', allow: 'administrator', handler: confirmDisabling },
    { method: 'post', path: '/people/:id/disable', allow: 'administrator', handler: disable },
    { method: 'post', path: '/people/:id/enable', form: '/people/:id', allow: 'administrator', handler: enable },
    { method: 'post', path: '/people/:id/sessions/end', form: '/people/:id', allow: 'administrator', handler: end },
  ]);
}

const originOf = (req: Request) => ({
  actorPersonId: req.auth!.person.id,
  clientId: manifest.clientId,
  address: req.ip,
  requestId: String(req.id),
});

async function refusable(change: () => Promise<unknown>): Promise<void> {
  try {
    await change();
  } catch (error) {
    const text = error instanceof AccountsError ? refusals[error.code] : undefined;
    if (text === undefined) throw error;
    throw new HttpError(409, (error as AccountsError).code, text, { cause: error });
  }
}
