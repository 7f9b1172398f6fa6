import { HttpError, type Route, storable } from '@gatehouse/web';
import { json, type Request, type RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import { endAppointment, startAppointment } from '../manage/appointments.ts';
import { type Changed, changeRights, type RoleChange } from '../manage/change-rights.ts';
import { DirectoryError, type DirectoryErrorCode } from '../manage/errors.ts';
import { grantRole, withdrawRole } from '../manage/grants.ts';
import { addRule, removeRule } from '../manage/rules.ts';
import { createDepartment, createDesignation } from '../manage/structure.ts';

/** The scope of an access token for this API. */
export const MANAGE_DIRECTORY = 'directory:manage';

export interface DirectoryApiDependencies {
  db: Pool;
  /** On whose behalf the guard has let the request in. */
  actorOf(req: Request): string;
}

const preview = z.boolean().optional();
const day = z.iso.date();
const appointmentBody = z.object({
  person_id: z.uuid(),
  designation: z.string().max(100),
  starts_on: day.optional(),
  ends_on: day.optional(),
  preview,
});
const endBody = z.object({
  person_id: z.uuid(),
  ends_on: day.optional(),
  shown_ends_on: day.nullable().optional(),
  preview,
});
const grantBody = z.object({
  person_id: z.uuid(),
  client_id: z.string().max(100),
  role: z.string().max(100),
  reason: z.string().trim().min(1).max(200),
  ends_on: day,
  preview,
});
const withdrawalBody = z.object({ person_id: z.uuid(), preview });

const code = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
const text = z.string().trim().min(1).max(100);
const departmentBody = z.object({ code, name: text, parent: code });
const designationBody = z.object({ code, title: text, department: code, reports_to: code.optional() });
const ruleBody = z
  .object({
    client_id: z.string().max(100),
    role: z.string().max(100),
    designation: code.optional(),
    department: code.optional(),
    preview,
  })
  .refine(({ designation, department }) => (designation === undefined) !== (department === undefined), {
    path: ['designation'],
    error: 'either this or a department',
  });
const removalBody = z.object({ preview });

const statuses: Record<DirectoryErrorCode, number> = {
  person_unknown: 404,
  designation_unknown: 422,
  department_unknown: 422,
  code_taken: 409,
  rule_unknown: 404,
  rule_exists: 409,
  role_unknown: 422,
  appointment_unknown: 404,
  grant_unknown: 404,
  dates_backwards: 422,
  appointment_overlaps: 409,
  appointment_changed: 409,
  own_rights: 403,
  last_administrator: 409,
};

/**
 * What changes the organisation and the rights of people, over HTTP and on behalf of an administrator. A change of
 * rights answers with its effect, on the roles of its person or on who has the role of its rule; with `preview` it
 * tells what that would be while the change is in force, and changes nothing. A refusal names its `error`.
 */
export function directoryApiRoutes({ db, actorOf }: DirectoryApiDependencies): Route[] {
  const by = (req: Request) => ({ actorPersonId: actorOf(req), clientId: 'console', requestId: String(req.id) });

  const appoint = async (req: Request) => {
    const { person_id: personId, designation: designationCode, preview, ...days } = read(appointmentBody, req);
    const [startsOn, endsOn] = [days.starts_on, days.ends_on];
    return changeRights(db, { personId, preview, ...by(req) }, async (tx) => {
      const id = await startAppointment(tx, { personId, designationCode, startsOn, endsOn }, by(req));
      if (preview) await tx.query(inForce, [id]);
      return id;
    });
  };

  const end = async (req: Request) => {
    const { person_id: personId, ends_on: endsOn, shown_ends_on: shownEndsOn, preview } = read(endBody, req);
    return changeRights(db, { personId, preview, ...by(req) }, async (tx) => {
      const id = await ofPerson(tx, 'appointment', req, personId);
      await endAppointment(tx, { id, endsOn, shownEndsOn }, by(req));
      if (preview) await tx.query('DELETE FROM directory.appointment WHERE id = $1', [id]);
      return id;
    });
  };

  const grant = async (req: Request) => {
    const { person_id: personId, client_id: clientId, role, reason, ends_on: endsOn, preview } = read(grantBody, req);
    return changeRights(db, { personId, preview, ...by(req) }, (tx) =>
      grantRole(tx, { personId, clientId, role, reason, endsOn }, by(req)),
    );
  };

  const withdraw = async (req: Request) => {
    const { person_id: personId, preview } = read(withdrawalBody, req);
    return changeRights(db, { personId, preview, ...by(req) }, async (tx) => {
      const id = await ofPerson(tx, 'personal_grant', req, personId);
      await withdrawRole(tx, id, by(req));
      return id;
    });
  };

  const addDepartment = async (req: Request) => {
    const { parent: parentCode, ...department } = read(departmentBody, req);
    return { id: await createDepartment(db, { ...department, parentCode }, by(req)) };
  };

  const addDesignation = async (req: Request) => {
    const { department: departmentCode, reports_to: reportsToCode, ...designation } = read(designationBody, req);
    return { id: await createDesignation(db, { ...designation, departmentCode, reportsToCode }, by(req)) };
  };

  const addAccessRule = async (req: Request) => {
    const { client_id: clientId, role, designation, department, preview } = read(ruleBody, req);
    const rule = { clientId, role, designationCode: designation, departmentCode: department };
    return addRule(db, rule, { preview, ...by(req) });
  };

  const removeAccessRule = async (req: Request) => {
    const { preview } = read(removalBody, req);
    const id = z.uuid().safeParse(req.params.id).data;
    if (id === undefined) throw new HttpError(404, 'rule_unknown', 'There is no such rule');
    return removeRule(db, id, { preview, ...by(req) });
  };

  const route = (path: string, work: (req: Request) => Promise<object>): Route => ({
    method: 'post',
    path: `/api${path}`,
    allow: { scope: MANAGE_DIRECTORY },
    before: [storable(json({ limit: '64kb' }))],
    handler: answer(work),
  });

  return [
    route('/appointments', async (req) => effectIn(await appoint(req))),
    route('/appointments/:id/end', async (req) => effectIn(await end(req))),
    route('/grants', async (req) => effectIn(await grant(req))),
    route('/grants/:id/withdraw', async (req) => effectIn(await withdraw(req))),
    route('/departments', addDepartment),
    route('/designations', addDesignation),
    route('/rules', addAccessRule),
    route('/rules/:id/remove', removeAccessRule),
  ];
}

/** What an appointment gives is seen on the days on which it is held. */
const inForce = 'UPDATE directory.appointment SET starts_on = directory.today(), ends_on = NULL WHERE id = $1';

type Transaction = Parameters<Parameters<typeof changeRights>[2]>[0];

/** The id in the path, of what is this person's: an effect is measured on the person that is named. */
async function ofPerson(
  tx: Transaction,
  table: 'appointment' | 'personal_grant',
  req: Request,
  personId: string,
): Promise<string> {
  const unknown = table === 'appointment' ? 'appointment_unknown' : 'grant_unknown';
  const { success, data: id } = z.uuid().safeParse(req.params.id);
  const isTheirs =
    success &&
    (await tx.query(`SELECT FROM directory.${table} WHERE id = $1 AND person_id = $2`, [id, personId])).rowCount === 1;
  if (!isTheirs) throw new DirectoryError(unknown, 'There is nothing of that person by this id');
  return id;
}

function answer(work: (req: Request) => Promise<object>): RequestHandler {
  return async (req, res) => {
    res.set('cache-control', 'no-store');
    try {
      res.json(await work(req));
    } catch (cause) {
      if (!(cause instanceof DirectoryError)) throw cause;
      throw new HttpError(statuses[cause.code], cause.code, cause.message, { cause });
    }
  };
}

const effectIn = ({ result: id, effect }: Changed<string>) => ({ id, effect: effect.map(onTheWire) });

const onTheWire = ({ clientId: client_id, app, role, title, change }: RoleChange) => ({
  client_id,
  app,
  role,
  title,
  change,
});

/** @throws {HttpError} 422 `request_invalid` */
function read<Schema extends z.ZodType>(schema: Schema, req: Request): z.output<Schema> {
  const { success, data, error } = schema.safeParse(req.body ?? {});
  if (success) return data;
  const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new HttpError(422, 'request_invalid', `The request cannot be read: ${faults.join('; ')}`);
}
