import { type FieldErrors, HttpError } from '@gatehouse/web';
import { ProviderApiError } from '../provider-api.ts';
import { errorsFrom } from './client-form.ts';

/** What the identity provider's refusals are to the administrator, by its codes. */
const refusals: Record<string, [status: number, text: string]> = {
  refused: [403, 'The identity provider does not let you change clients. Sign in again, or ask another administrator.'],
  unavailable: [503, 'The identity provider does not answer just now, so it is not known whether anything changed.'],
  client_not_found: [404, 'There is no such client.'],
  client_is_first_party: [409, 'That is an app of this repository: its manifest says what it is registered for.'],
  client_changed: [409, 'Somebody changed this client meanwhile. Look at it again.'],
  client_has_no_secret: [409, 'This client does not sign in with a secret.'],
  no_previous_secret: [409, 'The secret before the present one works no more already.'],
};

/** What is to be said in the form; `undefined` for what no form can mend. */
export function errorsOf(error: unknown): FieldErrors | undefined {
  if (!(error instanceof ProviderApiError)) return undefined;
  const { code, faults } = error;
  if (code === 'metadata_invalid') return errorsFrom(faults);
  if (code === 'client_exists') return { client_id: 'There is a client with this id already' };
  if (code === 'client_changed') {
    return {
      form: 'Somebody has changed this client since you opened it. Compare, then save again to have it your way.',
    };
  }
  return undefined;
}

/** @throws {HttpError} where the provider refuses */
export async function obeyed<Result>(change: () => Promise<Result>): Promise<Result> {
  try {
    return await change();
  } catch (error) {
    throw asRefusal(error);
  }
}

export const asRefusal = (error: unknown) => (error instanceof ProviderApiError ? refusal(error.code, error) : error);

export function refusal(code: string, cause?: ProviderApiError): HttpError {
  const [status, text] = refusals[code] ?? [422, 'The identity provider refused the change.'];
  return new HttpError(status, code, text, { cause, ...(cause && { detail: cause.message }) });
}
