import { parseEmail } from '@gatehouse/directory';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes, type FieldErrors, parseForm, requiredText } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type manifest from '../../manifest.ts';
import { refusalOf } from '../posts/refusals.ts';
import { type AccessToken, ProviderApiError } from '../provider-api.ts';
import type { PeopleManagement } from './people-management.ts';

interface Dependencies {
  management: PeopleManagement;
  accessToken: AccessToken;
}

const name = z.string().trim().max(100, 'Use 100 characters or fewer').default('');
const personForm = z
  .object({
    givenName: name,
    familyName: name,
    login: requiredText('Enter a login', 100),
    email: requiredText('Enter an e-mail address', 254).refine(
      (typed) => parseEmail(typed) !== undefined,
      'Enter an e-mail address, like zoe@harbour.example',
    ),
  })
  .refine(({ givenName, familyName }) => givenName + familyName !== '', {
    path: ['givenName'],
    error: 'Enter a given name, a family name, or both',
  });

const atFields: Record<string, FieldErrors> = {
  login_taken: { login: 'Somebody has this login, or it is somebody’s e-mail address' },
  email_taken: { email: 'Somebody has this address, or it is somebody’s login' },
  email_invalid: { email: 'Enter an e-mail address, like zoe@harbour.example' },
};

/** Where an administrator makes people: by an invitation, which gives them no right. */
export function inviteRoutes({ management, accessToken }: Dependencies) {
  const show: RequestHandler = (_req, res) => res.render('people/invite', { values: {}, errors: {} });

  const invite: RequestHandler = async (req, res) => {
    const form = parseForm(personForm, req.body);
    if (!form.ok) return res.status(422).render('people/invite', form);
    try {
      const { personId, link } = await management.invite(accessToken(req), form.data);
      if (link === undefined) return res.redirect(303, `/people/${personId}?done=invited`);
      res.render('people/invited', { person: { ...form.data, id: personId }, link });
    } catch (error) {
      const errors = error instanceof ProviderApiError ? atFields[error.code] : undefined;
      if (!errors) throw refusalOf(error);
      res.status(422).render('people/invite', { values: req.body, errors });
    }
  };

  const allow = 'administrator' as const;
  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/new-person', allow, handler: show },
    { method: 'post', path: '/new-person', allow, handler: invite },
  ]);
}
