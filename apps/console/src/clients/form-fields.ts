import { supported } from '@gatehouse/clients';

/**
 * How a field of client metadata is typed in: as it is, one to a line, ticked or picked from a list, as a number or as
 * JSON. `flags` are several fields that are true or false, ticked in one list.
 */
export type FieldKind = 'text' | 'lines' | 'choices' | 'choice' | 'flags' | 'number' | 'json';

export interface ClientField {
  /** In the names of RFC 7591, or one of ours. */
  name: string;
  label: string;
  hint?: string;
  kind: FieldKind;
  options?: readonly { value: string; label: string }[];
  required?: boolean;
}

/** Flags that are true where nothing is said. */
export const trueByDefault: readonly string[] = ['require_pkce'];

const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));

const grantTypes = [
  { value: 'authorization_code', label: 'Signs people in (authorization code)' },
  { value: 'refresh_token', label: 'Renews its tokens while the person is signed in (refresh token)' },
  { value: 'client_credentials', label: 'Acts for itself, without a person (client credentials)' },
  { value: 'urn:ietf:params:oauth:grant-type:device_code', label: 'Is a device without a browser (device code)' },
];

const authMethods = [
  { value: 'client_secret_basic', label: 'Secret in the header (client_secret_basic)' },
  { value: 'client_secret_post', label: 'Secret in the body (client_secret_post)' },
  { value: 'private_key_jwt', label: 'Private key (private_key_jwt)' },
  { value: 'none', label: 'Nothing: an app in a browser or on a device (none)' },
];

const acrs = [
  { value: 'urn:gatehouse:acr:one-factor', label: 'One factor is enough' },
  { value: 'urn:gatehouse:acr:two-factor', label: 'Two factors, such as a password and a code' },
  { value: 'phr', label: 'A passkey (phr)' },
];

/** What everybody has to think about. */
export const mainFields: readonly ClientField[] = [
  { name: 'client_name', label: 'Name', kind: 'text', hint: 'As people know the app', required: true },
  { name: 'description', label: 'Description', kind: 'text', hint: 'What its tile says' },
  { name: 'client_uri', label: 'Its page', kind: 'text', hint: 'Where people find it. Without one it has no tile.' },
  {
    name: 'application_type',
    label: 'Type',
    kind: 'choice',
    required: true,
    options: [
      { value: 'web', label: 'Web: on a server, or in a browser' },
      { value: 'native', label: 'Native: on the person’s own machine' },
    ],
  },
  { name: 'redirect_uris', label: 'Redirect URIs', kind: 'lines', hint: 'Where codes go, exactly; one to a line' },
  {
    name: 'post_logout_redirect_uris',
    label: 'Post-logout redirect URIs',
    kind: 'lines',
    hint: 'Where people may go after signing out; one to a line',
  },
  {
    name: 'backchannel_logout_uri',
    label: 'Back-channel logout URI',
    kind: 'text',
    hint: 'Is told of sign-outs. Without one, the app’s own session goes on after a sign-out.',
  },
  {
    name: 'token_endpoint_auth_method',
    label: 'Proves itself by',
    kind: 'choice',
    required: true,
    options: authMethods,
  },
  {
    name: 'access',
    label: 'Who may open it',
    kind: 'choice',
    required: true,
    options: [
      { value: 'everyone', label: 'Everyone who agrees to what it asks for' },
      { value: 'rules', label: 'Only people with a role in it' },
    ],
  },
  {
    name: 'scope',
    label: 'Scopes',
    kind: 'text',
    hint: `What it may ask for, with spaces between: ${supported.scopes.join(', ')}. Left empty: all of them.`,
  },
  { name: 'contacts', label: 'Contacts', kind: 'lines', hint: 'E-mail addresses of those who run it; one to a line' },
];

/** What most can leave as it is. */
export const advancedFields: readonly ClientField[] = [
  { name: 'logo_uri', label: 'Logo', kind: 'text' },
  { name: 'policy_uri', label: 'Privacy policy', kind: 'text' },
  { name: 'tos_uri', label: 'Terms of service', kind: 'text' },
  { name: 'grant_types', label: 'What it does', kind: 'choices', options: grantTypes },
  { name: 'response_types', label: 'Response types', kind: 'choices', options: plain(supported.responseTypes) },
  { name: 'response_modes', label: 'Response modes', kind: 'choices', options: plain(supported.responseModes) },
  {
    name: 'jwks',
    label: 'Public keys',
    kind: 'json',
    hint: 'A JSON Web Key Set, for a client that proves itself by a private key. Left empty: a key pair is made.',
  },
  { name: 'jwks_uri', label: 'Address of its public keys', kind: 'text' },
  {
    name: 'token_endpoint_auth_signing_alg',
    label: 'Algorithm of its key',
    kind: 'choice',
    options: plain(supported.authSigningAlgs),
  },
  {
    name: 'id_token_signed_response_alg',
    label: 'Its ID tokens are signed with',
    kind: 'choice',
    required: true,
    options: plain(supported.idTokenAlgs),
  },
  { name: 'initiate_login_uri', label: 'Where a sign-in may begin elsewhere', kind: 'text' },
  {
    name: 'allowed_origins',
    label: 'Origins of its scripts',
    kind: 'lines',
    hint: 'For an app in a browser; one to a line',
  },
  { name: 'access_token_lifetime', label: 'Access tokens live', kind: 'number', hint: 'Seconds. Left empty: 600' },
  { name: 'id_token_lifetime', label: 'ID tokens live', kind: 'number', hint: 'Seconds. Left empty: 600' },
  { name: 'refresh_token_lifetime', label: 'Refresh tokens live', kind: 'number', hint: 'Seconds. Left empty: 43200' },
  {
    name: 'default_max_age',
    label: 'A sign-in is good enough for',
    kind: 'number',
    hint: 'Seconds. Left empty: always',
  },
  { name: 'default_acr_values', label: 'How people prove who they are (acr)', kind: 'choices', options: acrs },
  {
    name: 'flags',
    label: 'Rules',
    kind: 'flags',
    options: [
      { value: 'require_pkce', label: 'Must use PKCE' },
      { value: 'require_auth_time', label: 'Is told when the person signed in' },
      { value: 'require_pushed_authorization_requests', label: 'Must push its authorization requests (PAR)' },
      { value: 'dpop_bound_access_tokens', label: 'Its access tokens are bound to its key (DPoP)' },
      { value: 'backchannel_logout_session_required', label: 'Logout tokens name the session (sid)' },
      { value: 'id_token_claims', label: 'Claims stand in the ID token too' },
    ],
  },
];

export const clientFields: readonly ClientField[] = [...mainFields, ...advancedFields];

/** A field as the partial of the shared look takes it. */
export function viewField({ name, label, hint, kind, options = [], required = false }: ClientField) {
  const common = { name, label, hint, required };
  switch (kind) {
    case 'text':
      return { ...common, attributes: { spellcheck: 'false' } };
    case 'number':
      return { ...common, attributes: { inputmode: 'numeric' } };
    case 'lines':
      return { ...common, type: 'textarea', rows: 3, attributes: { spellcheck: 'false' } };
    case 'json':
      return { ...common, type: 'textarea', rows: 6, attributes: { spellcheck: 'false' } };
    case 'choices':
    case 'flags':
      return { ...common, type: 'checkboxes', options };
    case 'choice':
      return {
        ...common,
        type: 'select',
        options: required ? options : [{ value: '', label: 'Not said' }, ...options],
      };
  }
}
