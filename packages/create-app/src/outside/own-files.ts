import type { OutsideApp } from './plan-outside.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const urlOf = ({ port }: OutsideApp) => `http://localhost:${port}`;

/** @param node the version that runs it */
export const packageJson = ({ name }: OutsideApp, node: string): string =>
  json({
    name,
    private: true,
    type: 'module',
    scripts: {
      start: 'node --env-file=.env src/server.ts',
      test: 'node --test src/*.test.ts',
      check: 'tsc',
    },
    dependencies: { '@gatehouse/auth-client': 'workspace:*', express: 'catalog:', helmet: 'catalog:' },
    devDependencies: { '@types/express': 'catalog:', '@types/node': 'catalog:', node, typescript: 'catalog:' },
  });

/** The versions that this repository has tried, of whatever the packages name. */
export function workspaceFile(catalog: Record<string, string>, packages: string): string {
  const used = Object.entries(catalog).filter(([name]) => packages.includes(`"${name}": "catalog:"`));
  return `packages:
  - packages/*

catalog:
${used.map(([name, version]) => `  ${name.startsWith('@') ? `'${name}'` : name}: ${version}`).join('\n')}

allowBuilds:
  node: true
`;
}

export const tsconfig = json({
  compilerOptions: {
    target: 'es2025',
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noEmit: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
  },
  include: ['src'],
});

/** In the names of RFC 7591 and the logout specifications. */
export const clientMetadata = (app: OutsideApp): string =>
  json({
    client_id: app.name,
    client_name: app.title,
    client_uri: urlOf(app),
    redirect_uris: [`${urlOf(app)}/auth/callback`],
    post_logout_redirect_uris: [`${urlOf(app)}/`],
    backchannel_logout_uri: `${urlOf(app)}/auth/backchannel-logout`,
    backchannel_logout_session_required: true,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
    scope: 'openid profile email',
  });

export const environmentFile = (app: OutsideApp, sessionKey: string): string => `ISSUER=${app.issuer}
CLIENT_ID=${app.name}
# What whoever registers client.json at the provider gets for it.
CLIENT_SECRET=
BASE_URL=${urlOf(app)}
PORT=${app.port}
SESSION_KEY=${sessionKey}
`;

export const readme = (app: OutsideApp): string => `# ${app.title}

An app that people sign in to at the OpenID Provider ${app.issuer}. It knows the provider by standards
alone: discovery, the authorization code flow with PKCE, userinfo, RP-initiated and back-channel logout.

1. Whoever runs the provider registers \`client.json\` (Gatehouse: \`pnpm client add client.json\`) and hands over the
   client secret.
2. The secret goes into \`.env\`, as \`CLIENT_SECRET\`. \`.env\` holds secrets and is ignored by git.
3. \`pnpm install && pnpm start\`, and open ${urlOf(app)}.

\`pnpm test\` and \`pnpm check\` run the tests and check the types. \`src/app.ts\` is what a request meets, in order.
\`packages/\` holds \`auth-client\`, a copy that is yours to keep up to date. App sessions live in the memory of the one
process; an \`AuthStore\` of your own lets several share them.

Elsewhere than on this machine \`BASE_URL\` is https, and the addresses in \`client.json\` follow it.
`;
