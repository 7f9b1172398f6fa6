import { ClientsError } from '../errors.ts';
import type { AddressRules } from './addresses.ts';
import { type MetadataFields, metadataFields } from './schema.ts';
import { supported } from './supported.ts';

/** Checked metadata, with everything that RFC 7591 leaves to defaults filled in. */
export type ClientMetadata = Omit<MetadataFields, Defaulted> & {
  [Name in Defaulted]: NonNullable<MetadataFields[Name]>;
};

type Defaulted = 'grant_types' | 'response_types' | 'response_modes' | 'scope' | 'allowed_origins';

export interface ParsedMetadata {
  metadata: ClientMetadata;
  /** Names that mean nothing here. RFC 7591 section 2 has them ignored; whoever registers should know. */
  ignored: string[];
}

/**
 * Checks metadata that somebody wrote by hand or took from another provider.
 *
 * @throws {ClientsError} `metadata_invalid` with every fault of every field at once
 */
export function parseMetadata(input: unknown, rules: AddressRules): ParsedMetadata {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new ClientsError('metadata_invalid', 'Client metadata is one JSON object.');
  }
  const schema = metadataFields(rules, 'application_type' in input ? input.application_type : 'web');
  const { data, error } = schema.safeParse(input);
  const faults = (error?.issues ?? []).map(({ path, message }) => `${fieldName(path)}: ${message}`);
  // Where a field is wrong, what it says together with others is not known.
  const metadata = data && withDefaults(data);
  if (metadata) faults.push(...faultsTogether(metadata, rules));
  if (!metadata || faults.length > 0) {
    throw new ClientsError('metadata_invalid', 'The client is not registered. Its metadata is wrong:', faults);
  }
  return { metadata, ignored: Object.keys(input).filter((name) => !(name in schema.shape)) };
}

const fieldName = (path: readonly PropertyKey[]): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index ? '.' : ''}${String(part)}`)).join('');

function withDefaults(fields: MetadataFields): ClientMetadata {
  const grants = fields.grant_types ?? ['authorization_code'];
  const responseTypes = fields.response_types ?? (grants.includes('authorization_code') ? ['code'] : []);
  const implied = responseTypes.some((type) => type.includes('id_token')) ? (['implicit'] as const) : [];
  const grantTypes = [...new Set([...grants, ...implied])];
  return {
    ...fields,
    grant_types: grantTypes,
    response_types: responseTypes,
    response_modes: fields.response_modes ?? defaultModes(responseTypes),
    scope: fields.scope ?? defaultScope(grantTypes),
    allowed_origins: fields.allowed_origins ?? ownOrigins(fields),
  };
}

/** An app that runs in browsers, and so has no secret, calls from where its codes go. */
function ownOrigins({ application_type, token_endpoint_auth_method, redirect_uris }: MetadataFields): string[] {
  if (application_type !== 'web' || token_endpoint_auth_method !== 'none') return [];
  return [...new Set(redirect_uris.map((uri) => new URL(uri).origin))];
}

/** The mode that each type has by default (OAuth 2.0 Multiple Response Types), and the form, which is as good. */
function defaultModes(types: readonly string[]): ClientMetadata['response_modes'] {
  const modes = new Set(types.map((type) => (type === 'code' ? 'query' : 'fragment')));
  return [...modes, 'form_post'];
}

/** All that there is: what a person agrees to is asked of them each time. */
function defaultScope(grantTypes: readonly string[]): string {
  return supported.scopes
    .filter((scope) => scope !== 'offline_access' || grantTypes.includes('refresh_token'))
    .join(' ');
}

function faultsTogether(metadata: ClientMetadata, { production }: AddressRules): string[] {
  const faults: string[] = [];
  const fault = (when: boolean, text: string) => when && faults.push(text);
  const method = metadata.token_endpoint_auth_method;
  const has = (type: string) => (metadata.grant_types as readonly string[]).includes(type);
  const implicit = metadata.response_types.some((type) => type.includes('id_token'));

  fault(metadata.response_types.length > 0 && metadata.redirect_uris.length === 0, 'redirect_uris: is missing');
  fault(
    metadata.response_types.some((type) => type.includes('code')) && !has('authorization_code'),
    'grant_types: must include authorization_code for a response type with code',
  );
  fault(
    has('implicit') && !implicit,
    'grant_types: implicit is for the response types with id_token; no access token is sent in an address',
  );
  fault(
    implicit && metadata.application_type === 'web' && metadata.redirect_uris.some((uri) => !isPublicHttps(uri)),
    'redirect_uris: must be https, and not this machine, for response types with id_token',
  );
  fault(
    metadata.response_modes.includes('query') && !(metadata.response_types as readonly string[]).includes('code'),
    'response_modes: query is for the response type code',
  );
  fault(
    has('refresh_token') && !has('authorization_code') && !has(supported.grantTypes[4]),
    'grant_types: refresh_token goes with authorization_code or the device flow',
  );
  fault(
    method === 'none' && has('client_credentials'),
    'token_endpoint_auth_method: client_credentials need a client that proves who it is',
  );
  fault(
    method === 'none' && metadata.client_secret !== undefined,
    'client_secret: a client with token_endpoint_auth_method none has none',
  );
  fault(
    method === 'private_key_jwt' && metadata.client_secret !== undefined,
    'client_secret: a client with token_endpoint_auth_method private_key_jwt has none',
  );
  fault(
    metadata.jwks !== undefined && metadata.jwks_uri !== undefined,
    'jwks_uri: give jwks or jwks_uri, not both (RFC 7591 section 2)',
  );
  fault(
    metadata.token_endpoint_auth_signing_alg !== undefined && method !== 'private_key_jwt',
    'token_endpoint_auth_signing_alg: is for token_endpoint_auth_method private_key_jwt',
  );
  fault(!metadata.require_pkce && method === 'none', 'require_pkce: must be true where there is no secret (RFC 9700)');
  fault(!metadata.require_pkce && production, 'require_pkce: must be true in production');
  fault(!metadata.scope.split(' ').includes('openid') && implicit, 'scope: must include openid for an ID token');
  return faults;
}

const isPublicHttps = (uri: string) => uri.startsWith('https://') && new URL(uri).hostname !== 'localhost';
