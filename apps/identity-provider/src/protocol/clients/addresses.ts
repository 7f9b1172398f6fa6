import type { ClientMetadata } from 'oidc-provider';
import type { Pool } from 'pg';

export interface ClientAddresses {
  /** Where the pages of the provider may send a browser to by a form, as sources of the CSP directive `form-action`. */
  formTargets: ReadonlySet<string>;
  /** Origins that the provider itself calls: for logout tokens, and for key sets that clients publish. */
  callTargets: ReadonlySet<string>;
}

interface AddressRow {
  url: string;
  metadata: ClientMetadata | null;
}

/** Every address that a registered client has given. */
export async function loadAddresses(pool: Pool): Promise<ClientAddresses> {
  const { rows } = await pool.query<AddressRow>(
    'SELECT a.url, r.metadata FROM directory.app a LEFT JOIN protocol.client_registration r USING (client_id)',
  );
  const visited = rows.flatMap(({ url, metadata }) => [
    url,
    ...(metadata?.redirect_uris ?? []),
    ...(metadata?.post_logout_redirect_uris ?? []),
  ]);
  const called = rows.flatMap(({ metadata }) => [metadata?.backchannel_logout_uri, metadata?.jwks_uri]);
  return {
    formTargets: new Set(visited.filter(Boolean).map(formTarget)),
    callTargets: new Set(called.filter((uri) => uri !== undefined).map((uri) => new URL(uri).origin)),
  };
}

/** A native app listens on any port of this machine (RFC 8252 section 7.3), or has a scheme of its own. */
function formTarget(address: string): string {
  const { protocol, hostname, origin } = new URL(address);
  if (protocol === 'http:' && hostname === '127.0.0.1') return 'http://127.0.0.1:*';
  return origin === 'null' ? protocol : origin;
}
