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

/** Scopes of other apps' APIs that the client may ask for, by audience. */
export function apisOf(client: Client): Record<string, string[]> {
  return (client.apis ?? {}) as Record<string, string[]>;
}
