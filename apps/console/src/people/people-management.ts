import { z } from 'zod';
import { type ProviderApi, ProviderApiError } from '../provider-api.ts';

export interface NewPerson {
  login: string;
  givenName: string;
  familyName: string;
  email: string;
}

/** The identity provider's API for people. @throws {ProviderApiError} */
export interface PeopleManagement {
  /** Makes somebody. Gives the link by which they choose a password where no mail takes it to them. */
  invite(token: string, person: NewPerson): Promise<{ personId: string; link?: string | undefined }>;
}

const invited = z
  .object({ id: z.uuid(), link: z.string().optional() })
  .transform(({ id, link }) => ({ personId: id, link }));

/** The one place where the wire names of that API are known. */
export const createPeopleManagement = (api: ProviderApi): PeopleManagement => ({
  async invite(token, { login, givenName, familyName, email }) {
    const body = { login, given_name: givenName, family_name: familyName, email };
    const answer = invited.safeParse(await api('POST', '/people', token, body));
    if (!answer.success) throw new ProviderApiError('unavailable', 'nobody in the answer', { cause: answer.error });
    return answer.data;
  },
});
