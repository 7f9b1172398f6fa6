import { parseEmail } from '@gatehouse/directory';
import { MANAGE_DIRECTORY } from '@gatehouse/directory/api';
import { HttpError, type Route, storable } from '@gatehouse/web';
import { json, type Request, type RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import { AccountsError } from '../errors.ts';
import { type Invitation, invitePerson } from '../invite-person.ts';

export interface PeopleApiDependencies {
  db: Pool;
  /** On whose behalf the guard has let the request in. */
  actorOf(req: Request): string;
  /** Takes the invitation to its person. Returns the link for somebody to hand over where no mail is sent. */
  sendInvitation(invitation: Invitation): string | undefined;
}

const name = z
  .string()
  .trim()
  .max(100)
  .regex(/^\P{Cc}*$/u);
const personBody = z
  .object({
    login: z.string().trim().min(1).max(100),
    given_name: name.default(''),
    family_name: name.default(''),
    email: z.string().max(254),
  })
  .refine(({ given_name: given, family_name: family }) => given + family !== '', { path: ['given_name'] });

/**
 * Makes people who can sign in, on behalf of an administrator: each gets a link by which they choose their password, and
 * no right. A refusal names its `error`: `request_invalid`, `email_invalid`, `login_taken`, `email_taken`.
 */
export function peopleApiRoutes({ db, actorOf, sendInvitation }: PeopleApiDependencies): Route[] {
  const invite: RequestHandler = async (req, res) => {
    res.set('cache-control', 'no-store');
    const { success, data, error } = personBody.safeParse(req.body ?? {});
    if (!success) throw new HttpError(422, 'request_invalid', `The request cannot be read: ${z.prettifyError(error)}`);
    const { login, given_name: givenName, family_name: familyName, email } = data;
    if (parseEmail(email) === undefined) throw new HttpError(422, 'email_invalid', 'That is no e-mail address.');
    const invitation = await invitePerson(db, { login, givenName, familyName, email }, { actorPersonId: actorOf(req) })
      // Somebody who was invited before gets a new link; a login or address of anybody else is taken.
      .catch((cause: unknown) => {
        if (!(cause instanceof AccountsError)) throw cause;
        throw new HttpError(409, cause.code, cause.message, { cause });
      });
    res.json({ id: invitation.personId, link: sendInvitation(invitation) });
  };

  return [
    {
      method: 'post',
      path: '/api/people',
      allow: { scope: MANAGE_DIRECTORY },
      before: [storable(json({ limit: '64kb' }))],
      handler: invite,
    },
  ];
}
