import { z } from 'zod';

export const personUsage = '--login LOGIN --given-name NAME --family-name NAME --email ADDRESS';

const name = z
  .string()
  .trim()
  .min(1)
  .regex(/^\P{Cc}*$/u, 'must be one line');

/** Who a person is, as the options of a command say it. */
export const personOptions = z
  .object({
    login: z.string().min(1),
    'given-name': name,
    'family-name': name,
    email: z.email(),
  })
  .transform(({ 'given-name': givenName, 'family-name': familyName, ...rest }) => ({ ...rest, givenName, familyName }));
