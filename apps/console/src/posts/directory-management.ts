import { z } from 'zod';
import { type ProviderApi, ProviderApiError } from '../provider-api.ts';

/** What a change does to a role that its person has. */
const roleChange = z.object({ app: z.string(), title: z.string(), change: z.enum(['gained', 'lost']) });
const changed = z.object({ effect: z.array(roleChange) });

export type Effect = z.output<typeof roleChange>[];

export interface Appointment {
  designation: string;
  /** Days as YYYY-MM-DD, both inclusive. */
  startsOn: string;
  endsOn?: string | undefined;
}

export interface Grant {
  clientId: string;
  role: string;
  reason: string;
  endsOn: string;
}

interface Asked {
  token: string;
  personId: string;
  /** Only tell the effect. */
  preview: boolean;
}

/** The identity provider's API for the rights of people. Each call gives the effect. @throws {ProviderApiError} */
export interface DirectoryManagement {
  appoint(asked: Asked, appointment: Appointment): Promise<Effect>;
  /** @param shownEndsOn the last day that the page showed, null for none */
  endAppointment(asked: Asked, id: string, endsOn: string, shownEndsOn: string | null): Promise<Effect>;
  grant(asked: Asked, grant: Grant): Promise<Effect>;
  withdraw(asked: Asked, grantId: string): Promise<Effect>;
}

/** The one place where the wire names of that API are known. */
export function createDirectoryManagement(api: ProviderApi): DirectoryManagement {
  async function call({ token, personId, preview }: Asked, path: string, body: object): Promise<Effect> {
    const answer = changed.safeParse(await api('POST', path, token, { person_id: personId, preview, ...body }));
    if (!answer.success) throw new ProviderApiError('unavailable', 'no effect in the answer', { cause: answer.error });
    return answer.data.effect;
  }

  return {
    appoint: (asked, { designation, startsOn, endsOn }) =>
      call(asked, '/appointments', { designation, starts_on: startsOn, ends_on: endsOn }),
    endAppointment: (asked, id, endsOn, shownEndsOn) =>
      call(asked, `/appointments/${id}/end`, { ends_on: endsOn, shown_ends_on: shownEndsOn }),
    grant: (asked, { clientId, role, reason, endsOn }) =>
      call(asked, '/grants', { client_id: clientId, role, reason, ends_on: endsOn }),
    withdraw: (asked, grantId) => call(asked, `/grants/${grantId}/withdraw`, {}),
  };
}
