import { parseEmail } from '@gatehouse/directory';
import { z } from 'zod';
import { type AddressRules, redirectUri, webAddress, webOrigin } from './addresses.ts';
import { supported } from './supported.ts';

/** VSCHAR of RFC 6749 appendix A: what a client id and a secret may be made of. */
const visible = /^[\x20-\x7e]+$/;
const text = z.string({ error: 'must be a text' }).min(1, 'must not be empty');
const emailAddress = text.refine((typed) => parseEmail(typed) !== undefined, 'must be an e-mail address');
const seconds = (most: number) =>
  z
    .int({ error: 'must be a whole number of seconds' })
    .min(30, 'must be 30 seconds at least')
    .max(most, `must be ${most} seconds at most`);

const HOUR = 3600;
export const LONGEST_TOKEN_SECONDS = 12 * HOUR;

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of: ${values.join(', ')}` });
const someOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.array(oneOf(values), { error: 'must be a list' });

/** A private key has no business here: whoever reads it can be the client. */
const publicKey = z
  .looseObject({ kty: oneOf(['EC', 'RSA', 'OKP']) }, { error: 'must be a JSON Web Key' })
  .refine((key) => !('d' in key) && !('k' in key), 'must be a public key, without private parts');

/** Scopes of other apps' APIs look like `thing:action`; which of them a client gets is the API's own matter. */
const scopeList = text.superRefine((value, context) => {
  for (const scope of value.split(' ')) {
    if (!(supported.scopes as readonly string[]).includes(scope) && !scope.includes(':')) {
      context.addIssue({ code: 'custom', message: `knows no scope "${scope}": ${supported.scopes.join(', ')}` });
    }
  }
});

/**
 * Client metadata in the names of RFC 7591 and OpenID Connect Registration 1.0, each field by itself. After them come
 * the names that only Gatehouse knows.
 */
export function metadataFields(rules: AddressRules, applicationType: unknown) {
  const address = webAddress(rules);
  const redirects = z.array(redirectUri(rules, applicationType), { error: 'must be a list' });
  return z.object({
    client_id: z.string({ error: 'must be a text' }).regex(visible, 'must be printable ASCII').max(128).optional(),
    client_secret: z
      .string({ error: 'must be a text' })
      .regex(visible, 'must be printable ASCII')
      .min(rules.production ? 32 : 8, `must have ${rules.production ? 32 : 8} characters at least`)
      .max(512, 'must have 512 characters at most')
      .optional(),
    client_name: text.max(60, 'must have 60 characters at most').optional(),
    client_uri: address.optional(),
    logo_uri: address.optional(),
    policy_uri: address.optional(),
    tos_uri: address.optional(),
    contacts: z.array(emailAddress, { error: 'must be a list' }).optional(),
    application_type: oneOf(supported.applicationTypes).default('web'),
    redirect_uris: redirects.default([]),
    post_logout_redirect_uris: redirects.default([]),
    response_types: someOf(supported.responseTypes).optional(),
    response_modes: someOf(supported.responseModes).min(1, 'must not be empty').optional(),
    grant_types: someOf(supported.grantTypes).optional(),
    scope: scopeList.optional(),
    token_endpoint_auth_method: oneOf(supported.authMethods).default('client_secret_basic'),
    token_endpoint_auth_signing_alg: oneOf(supported.authSigningAlgs).optional(),
    jwks: z.object({ keys: z.array(publicKey).min(1, 'must hold a key') }, { error: 'must be a key set' }).optional(),
    jwks_uri: address.optional(),
    // The standard's default (OpenID Connect Dynamic Client Registration 1.0 section 2), which clients expect unasked.
    id_token_signed_response_alg: oneOf(supported.idTokenAlgs).default('RS256'),
    backchannel_logout_uri: address.optional(),
    backchannel_logout_session_required: z.boolean('must be true or false').optional(),
    initiate_login_uri: address.optional(),
    default_max_age: z.int('must be a whole number of seconds').min(0, 'must not be negative').optional(),
    default_acr_values: someOf(supported.acrValues).optional(),
    require_auth_time: z.boolean('must be true or false').optional(),
    require_pushed_authorization_requests: z.boolean('must be true or false').optional(),
    dpop_bound_access_tokens: z.boolean('must be true or false').optional(),

    description: z.string('must be a text').max(160, 'must have 160 characters at most').default(''),
    access: oneOf(['rules', 'everyone']).default('everyone'),
    require_pkce: z.boolean('must be true or false').default(true),
    allowed_origins: z.array(webOrigin(rules), { error: 'must be a list' }).optional(),
    id_token_claims: z.boolean('must be true or false').default(false),
    access_token_lifetime: seconds(LONGEST_TOKEN_SECONDS).optional(),
    id_token_lifetime: seconds(LONGEST_TOKEN_SECONDS).optional(),
    refresh_token_lifetime: seconds(LONGEST_TOKEN_SECONDS).optional(),
  });
}

export type MetadataFields = z.output<ReturnType<typeof metadataFields>>;
