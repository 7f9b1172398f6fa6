import { supported } from '@gatehouse/clients';
import type { Client } from './clients/summary.ts';

/**
 * How sure we are of who signed in, from weak to strong. The last one is of OpenID Connect Extended Authentication
 * Profile ACR Values 1.0; the others are our own, because no registered name says just that.
 */
export const acrValues = supported.acrValues;

export type Acr = (typeof acrValues)[number];

export const TWO_FACTOR: Acr = 'urn:gatehouse:acr:two-factor';

/** What the methods of a sign-in (RFC 8176) amount to, no more and no less. */
export function acrOf(amr: readonly string[]): Acr {
  if (amr.includes('mfa')) return amr.includes('hwk') || amr.includes('swk') ? 'phr' : 'urn:gatehouse:acr:two-factor';
  return 'urn:gatehouse:acr:one-factor';
}

/**
 * What has to be reached for an `acr_values` parameter: the weakest of the values that it names and we know. Names that
 * we do not know ask for nothing, because the parameter is a wish (OpenID Connect Core 1.0 section 3.1.2.1).
 */
export function acrAskedFor(parameter: unknown): Acr | undefined {
  const named = String(parameter ?? '').split(' ');
  return acrValues.find((acr) => named.includes(acr));
}

/**
 * The same for a request of a client: what it is registered to need is a floor, which the address of a request raises
 * and never lowers.
 */
export function acrAskedOf(client: Client | undefined, parameter: unknown): Acr | undefined {
  const registered = client?.defaultAcrValues as string[] | undefined;
  const [floor, asked] = [acrAskedFor(registered?.join(' ')), acrAskedFor(parameter)];
  return floor && (!asked || reaches(floor, asked)) ? floor : asked;
}

/** Whether a sign-in is at least as strong as what is asked for. */
export const reaches = (acr: string | undefined, asked: Acr): boolean =>
  acrValues.indexOf((acr ?? acrValues[0]) as Acr) >= acrValues.indexOf(asked);
