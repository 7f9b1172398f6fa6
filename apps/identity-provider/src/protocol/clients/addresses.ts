import type { ClientMetadata } from 'oidc-provider';
import type { Pool } from 'pg';

export interface ClientAddresses {
  /** Where the pages of the provider may send a browser to by a form, as sources of the CSP directive `form-action`. */
  formTargets: ReadonlySet<string>;
  /** Origins at which apps live: there, and nowhere else on a private network, the provider may call them. */
  callTargets: ReadonlySet<string>;
  /** Origins whose scripts act as some client. */
  scriptOrigins: ReadonlySet<string>;
}

interface AddressRow {
  url: string;
  metadata: ClientMetadata | null;
  /** Only called, to tell it of logouts. */
  removed: boolean;
}

/** Every address that a registered client has given. One that could not be registered today is left out. */
export async function loadAddresses(pool: Pool): Promise<ClientAddresses> {
  const { rows } = await pool.query<AddressRow>(
    `SELECT a.url, r.metadata, false AS removed
     FROM directory.app a LEFT JOIN protocol.client_registration r USING (client_id)
     UNION ALL
     SELECT coalesce(metadata->>'client_uri', ''), metadata, true FROM protocol.removed_client`,
  );
  const here = rows.filter(({ removed }) => !removed);
  const left = here.flatMap(({ metadata }) => metadata?.post_logout_redirect_uris ?? []).filter(isAddress);
  return {
    formTargets: new Set([...lived(here), ...left].map(formTarget)),
    scriptOrigins: new Set(here.flatMap(({ metadata }) => (metadata?.allowed_origins as string[] | undefined) ?? [])),
    callTargets: new Set(
      lived(rows)
        .map((address) => new URL(address).origin)
        .filter((origin) => origin !== 'null'),
    ),
  };
}

const lived = (rows: AddressRow[]): string[] =>
  rows.flatMap(({ url, metadata }) => [url, ...(metadata?.redirect_uris ?? [])]).filter(isAddress);

/** Of the web, or of a native app's own scheme, which is in reverse domain notation. */
function isAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' || protocol.includes('.');
}

/** A native app listens on any port of this machine (RFC 8252 section 7.3), or has a scheme of its own. */
function formTarget(address: string): string {
  const { protocol, hostname, origin } = new URL(address);
  if (protocol === 'http:' && hostname === '127.0.0.1') return 'http://127.0.0.1:*';
  return origin === 'null' ? protocol : origin;
}
