import { findOrganisation, type Person } from '@gatehouse/directory';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { dayField, defineRoutes, type FormResult, HttpError, parseForm, requiredText, uuidParam } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type manifest from '../../manifest.ts';
import { appointmentsOf } from '../people/appointments.ts';
import { requirePerson } from '../people/routes.ts';
import type { AccessToken } from '../provider-api.ts';
import type { DirectoryManagement, Effect } from './directory-management.ts';
import { fieldErrorsOf, refusalOf } from './refusals.ts';
import { designationChoices, grantsOf, roleChoices } from './what-there-is.ts';

interface Dependencies {
  pool: Pool;
  management: DirectoryManagement;
  accessToken: AccessToken;
}

const optionalDay = (wrong: string) => z.union([z.literal('').transform(() => undefined), dayField(wrong)]).optional();

const appointmentForm = z
  .object({
    designation: requiredText('Choose a designation', 100),
    startsOn: dayField('Enter the first day'),
    endsOn: optionalDay('Enter the last day, or leave it empty'),
  })
  .refine(({ startsOn, endsOn }) => endsOn === undefined || endsOn >= startsOn, {
    path: ['endsOn'],
    error: 'The last day comes before the first',
  });

const endForm = z.object({
  endsOn: dayField('Enter the last day'),
  shownEndsOn: z.string().transform((day) => (day === '' ? null : day)),
});

const grantForm = (today: string) =>
  z.object({
    role: z.string().regex(/^[\w-]+ [\w-]+$/, 'Choose a role'),
    reason: requiredText('Say why, for whoever reads it later', 200),
    endsOn: dayField('Enter the last day').refine((day) => day >= today, 'This day has passed'),
  });

/** What is asked of the identity provider, once to see the effect and once to have it. */
type Change = (preview: boolean) => Promise<Effect>;

interface Step {
  person: Person;
  /** The page with the form. */
  view: string;
  locals?: object;
  /** What the page says that is about to be done. */
  title: string;
  button: string;
  danger?: boolean;
  /** Of the page of the person, once it is done. */
  done: string;
  change: Change;
}

/** Appointments and personal grants: asked of the identity provider, in the administrator's name. */
export function postRoutes({ pool, management, accessToken }: Dependencies) {
  const showAppoint: RequestHandler = async (req, res) => {
    const person = await requireOther(req);
    const { today } = await findOrganisation(pool);
    await renderAppoint(res, person, { values: { startsOn: today } });
  };

  const appoint: RequestHandler = async (req, res) => {
    const person = await requireOther(req);
    const form = parseForm(appointmentForm, req.body);
    if (!form.ok) return renderAppoint(res.status(422), person, form);
    const choices = await designationChoices(pool);
    const label = choices.find(({ value }) => value === form.data.designation)?.label ?? form.data.designation;
    await step(req, res, {
      person,
      view: 'posts/appoint',
      locals: { choices },
      title: `Appoint ${person.name} as ${label}?`,
      button: 'Appoint',
      done: 'appointed',
      change: (preview) => management.appoint(asked(req, person, preview), form.data),
    });
  };

  const showEnd: RequestHandler = async (req, res) => {
    const [person, appointment] = await requireAppointment(req);
    const { today } = await findOrganisation(pool);
    const values = { endsOn: appointment.endsOn ?? today, shownEndsOn: appointment.endsOn ?? '' };
    res.render('posts/end', { person, appointment, values, errors: {} });
  };

  const end: RequestHandler = async (req, res) => {
    const [person, appointment] = await requireAppointment(req);
    const form = parseForm(endForm, req.body);
    if (!form.ok) return res.status(422).render('posts/end', { person, appointment, ...form });
    const { endsOn, shownEndsOn } = form.data;
    await step(req, res, {
      person,
      view: 'posts/end',
      locals: { appointment },
      title: `End ${appointment.title} of ${person.name}?`,
      button: 'End appointment',
      danger: true,
      done: 'appointment-ended',
      change: (preview) => management.endAppointment(asked(req, person, preview), appointment.id, endsOn, shownEndsOn),
    });
  };

  const showGrant: RequestHandler = async (req, res) => renderGrant(res, await requireOther(req));

  const grant: RequestHandler = async (req, res) => {
    const person = await requireOther(req);
    const { today } = await findOrganisation(pool);
    const form = parseForm(grantForm(today), req.body);
    if (!form.ok) return renderGrant(res.status(422), person, form);
    const [clientId = '', role = ''] = form.data.role.split(' ');
    const choices = await roleChoices(pool);
    const label = choices.find(({ value }) => value === form.data.role)?.label ?? form.data.role;
    await step(req, res, {
      person,
      view: 'posts/grant',
      locals: { choices },
      title: `Give ${person.name} the role ${label}?`,
      button: 'Give the role',
      done: 'granted',
      change: (preview) => management.grant(asked(req, person, preview), { ...form.data, clientId, role }),
    });
  };

  const withdraw: RequestHandler = async (req, res) => {
    const person = await requireOther(req);
    const grantId = uuidParam(req, 'grant');
    const found = (await grantsOf(pool, person.id)).find(({ id }) => id === grantId);
    if (!found) throw new HttpError(404, 'grant_unknown', 'There is no such grant, or it is withdrawn already.');
    await step(req, res, {
      person,
      view: 'posts/confirm',
      title: `Withdraw ${found.role} in ${found.app} from ${person.name}?`,
      button: 'Withdraw',
      danger: true,
      done: 'withdrawn',
      change: (preview) => management.withdraw(asked(req, person, preview), grantId),
    });
  };

  /** Shows the effect of what was asked for, and brings it about once that has been seen. */
  async function step(req: Request, res: Response, { change, view, locals, person, done, ...said }: Step) {
    const { _csrf, confirmed, ...fields } = req.body as Record<string, string>;
    try {
      const effect = await change(confirmed !== 'yes');
      if (confirmed === 'yes') return res.redirect(303, `/people/${person.id}?done=${done}`);
      res.render('posts/confirm', { person, ...said, effect, fields });
    } catch (error) {
      const errors = fieldErrorsOf(error);
      if (!errors) throw refusalOf(error);
      res.status(422).render(view, { person, ...locals, values: fields, errors });
    }
  }

  const asked = (req: Request, { id }: Person, preview: boolean) => ({
    token: accessToken(req),
    personId: id,
    preview,
  });

  /** @throws HttpError 403 for whoever looks at themself: nobody changes their own rights */
  async function requireOther(req: Request): Promise<Person> {
    const person = await requirePerson(pool, req);
    if (person.id === req.auth!.person.id) throw refusalOf('own_rights');
    return person;
  }

  async function requireAppointment(req: Request) {
    const person = await requireOther(req);
    const id = uuidParam(req, 'appointment');
    const appointment = (await appointmentsOf(pool, person.id)).find((each) => each.id === id);
    if (!appointment) throw refusalOf('appointment_unknown');
    return [person, appointment] as const;
  }

  async function renderAppoint(res: Response, person: Person, form: Partial<FormResult<unknown>> = {}) {
    res.render('posts/appoint', { person, choices: await designationChoices(pool), errors: {}, ...form });
  }

  async function renderGrant(res: Response, person: Person, form: Partial<FormResult<unknown>> = {}) {
    res.render('posts/grant', { person, choices: await roleChoices(pool), errors: {}, values: {}, ...form });
  }

  const allow = 'administrator' as const;
  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/people/:id/appoint', allow, handler: showAppoint },
    { method: 'post', path: '/people/:id/appoint', allow, handler: appoint },
    { method: 'get', path: '/people/:id/appointments/:appointment/end', allow, handler: showEnd },
    { method: 'post', path: '/people/:id/appointments/:appointment/end', allow, handler: end },
    { method: 'get', path: '/people/:id/grant', allow, handler: showGrant },
    { method: 'post', path: '/people/:id/grant', allow, handler: grant },
    { method: 'post', path: '/people/:id/grants/:grant/withdraw', form: '/people/:id', allow, handler: withdraw },
  ]);
}
