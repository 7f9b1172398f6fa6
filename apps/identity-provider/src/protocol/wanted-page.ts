import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { type Client, type ClientSummary, clientSummary } from './clients/summary.ts';

/**
 * Characters of a page's address that a sign-in carries along; in place of a longer one stands the app's front page.
 */
const LONGEST = 2048;

/** What a sign-in was for. */
interface WantedPage {
  client: ClientSummary;
  /** A page of the app, or the one where the code of a device is entered. It begins a sign-in of its own. */
  url: string;
}

/**
 * What the address of a sign-in says of where it leads, so that whoever opens it later, elsewhere or a second time
 * still gets there: by a new request of the app, since the one behind the address is its browser's alone.
 */
export function wantedQuery(
  { params, deviceCode }: { params: Record<string, unknown>; deviceCode?: string | undefined },
  issuer: string,
): string {
  const target = deviceCode === undefined ? params.target_link_uri : devicePage(issuer);
  const query = new URLSearchParams({ client_id: String(params.client_id) });
  if (typeof target === 'string') query.set('target_link_uri', target);
  return `?${query}`;
}

/** Where such an address leads; `undefined` where it names no client that has pages. */
export async function wantedPage(
  provider: Provider,
  { client_id: clientId, target_link_uri: target }: Record<string, unknown>,
): Promise<WantedPage | undefined> {
  const client = typeof clientId === 'string' ? await provider.Client.find(clientId) : undefined;
  if (!client) return undefined;
  const isKnown = target === devicePage(provider.issuer) || isPageOf(client, target);
  const url = isKnown ? String(target) : client.clientUri;
  return url === undefined ? undefined : { client: clientSummary(client), url };
}

/**
 * Takes the page that is wanted from an authorization request, by the name that it has where somebody else than the app
 * begins a sign-in (OpenID Connect Core 1.0 section 4). What is no page of the app is passed over.
 */
export function readTarget({ oidc }: KoaContextWithOIDC, target: unknown, client: Client): void {
  if (oidc.params && !isPageOf(client, target)) oidc.params.target_link_uri = undefined;
}

function isPageOf({ clientUri }: Client, target: unknown): boolean {
  if (typeof target !== 'string' || target.length > LONGEST) return false;
  const [page, app] = [URL.parse(target), URL.parse(clientUri ?? '')];
  return /^https?:$/.test(page?.protocol ?? '') && page?.origin === app?.origin && page?.username === '';
}

const devicePage = (issuer: string): string => `${issuer}/device`;
