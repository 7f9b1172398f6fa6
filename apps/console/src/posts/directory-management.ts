import { z } from 'zod';
import { type ProviderApi, ProviderApiError } from '../provider-api.ts';

/** What a change does to a role that its person has. */
const roleChange = z.object({ app: z.string(), title: z.string(), change: z.enum(['gained', 'lost']) });
const changed = z.object({ effect: z.array(roleChange) });

export type Effect = z.output<typeof roleChange>[];

const affected = z.object({ count: z.number(), names: z.array(z.string()) });
const ruleChanged = z.object({ gained: affected, lost: affected });

/** Who has a role more, and who no more, by a change of a rule: how many, and the first of them by name. */
export type RuleEffect = z.output<typeof ruleChanged>;

export interface Rule {
  clientId: string;
  role: string;
  designation?: string | undefined;
  department?: string | undefined;
}

export interface Department {
  code: string;
  name: string;
  parent: string;
}

export interface Designation {
  code: string;
  title: string;
  department: string;
  reportsTo?: string | undefined;
}

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

/**
 * The identity provider's API for the organisation and the rights of people. A change of rights gives its effect.
 * @throws {ProviderApiError}
 */
export interface DirectoryManagement {
  appoint(asked: Asked, appointment: Appointment): Promise<Effect>;
  /** @param shownEndsOn the last day that the page showed, null for none */
  endAppointment(asked: Asked, id: string, endsOn: string, shownEndsOn: string | null): Promise<Effect>;
  grant(asked: Asked, grant: Grant): Promise<Effect>;
  withdraw(asked: Asked, grantId: string): Promise<Effect>;
  addRule(asked: Omit<Asked, 'personId'>, rule: Rule): Promise<RuleEffect>;
  removeRule(asked: Omit<Asked, 'personId'>, id: string): Promise<RuleEffect>;
  createDepartment(token: string, department: Department): Promise<void>;
  createDesignation(token: string, designation: Designation): Promise<void>;
}

/** The one place where the wire names of that API are known. */
export function createDirectoryManagement(api: ProviderApi): DirectoryManagement {
  async function call({ token, personId, preview }: Asked, path: string, body: object): Promise<Effect> {
    const answer = changed.safeParse(await api('POST', path, token, { person_id: personId, preview, ...body }));
    if (!answer.success) throw new ProviderApiError('unavailable', 'no effect in the answer', { cause: answer.error });
    return answer.data.effect;
  }

  async function callForRule(token: string, path: string, body: object): Promise<RuleEffect> {
    const answer = ruleChanged.safeParse(await api('POST', path, token, body));
    if (!answer.success) throw new ProviderApiError('unavailable', 'no effect in the answer', { cause: answer.error });
    return answer.data;
  }

  return {
    appoint: (asked, { designation, startsOn, endsOn }) =>
      call(asked, '/appointments', { designation, starts_on: startsOn, ends_on: endsOn }),
    endAppointment: (asked, id, endsOn, shownEndsOn) =>
      call(asked, `/appointments/${id}/end`, { ends_on: endsOn, shown_ends_on: shownEndsOn }),
    grant: (asked, { clientId, role, reason, endsOn }) =>
      call(asked, '/grants', { client_id: clientId, role, reason, ends_on: endsOn }),
    withdraw: (asked, grantId) => call(asked, `/grants/${grantId}/withdraw`, {}),
    addRule: ({ token, preview }, { clientId, ...rule }) =>
      callForRule(token, '/rules', { client_id: clientId, ...rule, preview }),
    removeRule: ({ token, preview }, id) => callForRule(token, `/rules/${id}/remove`, { preview }),
    createDepartment: async (token, department) => void (await api('POST', '/departments', token, department)),
    createDesignation: async (token, { reportsTo, ...designation }) =>
      void (await api('POST', '/designations', token, { ...designation, reports_to: reportsTo })),
  };
}
