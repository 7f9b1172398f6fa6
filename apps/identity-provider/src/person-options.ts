import { parseEmail } from '@gatehouse/directory';
import { z } from 'zod';

export const personUsage = '--login LOGIN [--given-name NAME] [--family-name NAME] --email ADDRESS';

const name = z
  .string()
  .trim()
  .min(1)
  .regex(/^\P{Cc}*$/u, 'must be one line');

/** Who a person is, as the options of a command say it. Somebody with one name only has either of the two. */
export const personOptions = z
  .object({
    login: z.string().min(1),
    'given-name': name.default(''),
    'family-name': name.default(''),
    email: z.string().refine((typed) => parseEmail(typed) !== undefined, 'must be an e-mail address'),
  })
  .refine((person) => person['given-name'] || person['family-name'], {
    path: ['given-name'],
    error: 'give this, --family-name, or both',
  })
  .transform(({ 'given-name': givenName, 'family-name': familyName, ...rest }) => ({ ...rest, givenName, familyName }));
