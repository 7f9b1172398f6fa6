import { decodeJwt } from 'jose';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import { refusal } from '../../languages/refusal.ts';
import type { Client } from '../clients/summary.ts';

/** A verified `id_token_hint`: for whom and which app session it was issued. */
interface IdTokenHint {
  sub: string;
  sid: string | undefined;
}

/** What a relying party asked for (OpenID Connect RP-Initiated Logout 1.0 section 2), checked. */
export interface EndSessionRequest {
  client: Client | undefined;
  hint: IdTokenHint | undefined;
  /** Registered for the client, `state` included. */
  returnTo: string | undefined;
}

const parameters = z.object({
  id_token_hint: z.string().max(8192).optional(),
  client_id: z.string().optional(),
  post_logout_redirect_uri: z.string().optional(),
  state: z.string().max(2048).optional(),
});

/**
 * @throws {HttpError} 400 for a parameter given twice, a hint that is not ours or was changed, an unknown client, or an
 *   address that the client has not registered
 */
export async function readEndSessionRequest(provider: Provider, query: unknown): Promise<EndSessionRequest> {
  const parsed = parameters.safeParse(query);
  if (!parsed.success) throw refused('a parameter is malformed or given twice', parsed.error);
  const { id_token_hint: token, client_id: clientId, post_logout_redirect_uri: uri, state } = parsed.data;

  const audience = token === undefined ? undefined : audienceOf(token);
  if (audience && clientId && audience !== clientId) throw refused('client_id is not the audience of id_token_hint');
  const client = await findClient(provider, audience ?? clientId);
  const hint = token && client ? await verifyHint(provider, token, client) : undefined;
  return { client, hint, returnTo: uri === undefined ? undefined : returnAddress(client, uri, state) };
}

function audienceOf(token: string): string {
  try {
    const { aud } = decodeJwt(token);
    if (typeof aud === 'string') return aud;
  } catch (cause) {
    throw refused('id_token_hint is not a JWT', cause);
  }
  throw refused('id_token_hint has no single audience');
}

async function findClient(provider: Provider, clientId: string | undefined): Promise<Client | undefined> {
  if (clientId === undefined) return undefined;
  const client = await provider.Client.find(clientId);
  if (!client) throw refused('the client is not registered');
  return client;
}

/** Signed by us for this client. An expired one still says who wants to leave, so it is accepted. */
async function verifyHint(provider: Provider, token: string, client: Client): Promise<IdTokenHint> {
  try {
    const { payload } = await provider.IdToken.validate(token, client);
    return { sub: String(payload.sub), sid: typeof payload.sid === 'string' ? payload.sid : undefined };
  } catch (cause) {
    throw refused('id_token_hint was not issued by us for this client', cause);
  }
}

function returnAddress(client: Client | undefined, uri: string, state: string | undefined): string | undefined {
  if (!client) return undefined;
  if (!client.postLogoutRedirectUriAllowed(uri)) throw refused('post_logout_redirect_uri is not registered');
  const address = new URL(uri);
  if (state !== undefined) address.searchParams.set('state', state);
  return address.href;
}

const refused = (detail: string, cause?: unknown) => refusal(400, 'end_session_refused', { detail, cause });
