import { MANAGE_CLIENTS } from '@gatehouse/clients/api';
import { MANAGE_DIRECTORY } from '@gatehouse/directory/api';
import type Provider from 'oidc-provider';

export type Client = NonNullable<Awaited<ReturnType<Provider['Client']['find']>>>;

/** A client as people know it. */
export interface ClientSummary {
  clientId: string;
  title: string;
  /** Where the app lives. */
  url: string | undefined;
  /** Declared by a manifest in this repository: it needs nobody's consent. */
  firstParty: boolean;
}

export function clientSummary(client: Client): ClientSummary {
  return {
    clientId: client.clientId,
    title: client.clientName ?? client.clientId,
    url: client.clientUri,
    firstParty: client.first_party === true,
  };
}

/** The audience of the provider's own API. */
export const ownApi = (issuer: string): string => `${issuer}/api`;

/** The one client of that API. */
export const CONSOLE = 'console';

/** Scopes of APIs that the client may ask for, by audience: as the directory permits, and for the console our own. */
export function apisOf(client: Client, issuer: string): Record<string, string[]> {
  const permitted = (client.apis ?? {}) as Record<string, string[]>;
  if (client.clientId !== CONSOLE || client.first_party !== true) return permitted;
  return { ...permitted, [ownApi(issuer)]: [MANAGE_CLIENTS, MANAGE_DIRECTORY] };
}
