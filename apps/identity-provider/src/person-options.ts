import { z } from 'zod';

export const personUsage = '--login LOGIN --given-name NAME --family-name NAME --email ADDRESS';

/** Who a person is, as the options of a command say it. */
export const personOptions = z
  .object({
    login: z.string().min(1),
    'given-name': z.string().min(1),
    'family-name': z.string().min(1),
    email: z.email(),
  })
  .transform(({ 'given-name': givenName, 'family-name': familyName, ...rest }) => ({ ...rest, givenName, familyName }));
