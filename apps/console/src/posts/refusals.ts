import { type FieldErrors, HttpError } from '@gatehouse/web';
import { ProviderApiError } from '../provider-api.ts';

/** What the identity provider's refusals are to the administrator, by its codes. */
const refusals: Record<string, [status: number, text: string]> = {
  refused: [403, 'The identity provider does not let you change rights. Sign in again, or ask another administrator.'],
  unavailable: [503, 'The identity provider does not answer just now, so it is not known whether anything changed.'],
  own_rights: [403, 'Nobody changes their own rights. Another administrator can.'],
  last_administrator: [409, 'This would leave nobody who can give rights, so nothing was changed.'],
  appointment_unknown: [404, 'There is no such appointment, or it was taken back already.'],
  appointment_changed: [
    409,
    'Somebody has changed this appointment since you opened it. Open it again to see how it stands.',
  ],
  rule_unknown: [404, 'There is no such rule, or it is removed already.'],
  grant_unknown: [404, 'There is no such grant, or it is withdrawn already.'],
};

const atFields: Record<string, FieldErrors> = {
  code_taken: { code: 'Another one has this code already' },
  department_unknown: {
    department: 'There is no such department any more',
    to: 'There is no such department any more',
  },
  rule_exists: { to: 'There is this rule already' },
  designation_unknown: {
    designation: 'There is no such designation any more',
    to: 'There is no such designation any more',
  },
  appointment_overlaps: { startsOn: 'They hold that designation on some of these days already' },
  dates_backwards: { endsOn: 'The last day comes before the first' },
  role_unknown: { role: 'There is no such role any more' },
};

/** What is to be said in the form; `undefined` for what no form can mend. */
export const fieldErrorsOf = (error: unknown): FieldErrors | undefined =>
  error instanceof ProviderApiError ? atFields[error.code] : undefined;

/** @param error of the provider, or one of its codes; anything else is handed back as it is */
export function refusalOf(error: unknown): unknown {
  const code = error instanceof ProviderApiError ? error.code : error;
  if (typeof code !== 'string') return error;
  const [status, text] = refusals[code] ?? [422, 'The identity provider refused the change.'];
  return new HttpError(status, code, text, error instanceof Error ? { cause: error, detail: error.message } : {});
}
