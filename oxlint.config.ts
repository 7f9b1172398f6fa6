import { readdirSync } from 'node:fs';
import { defineConfig } from 'oxlint';

/** Apps are deployed, not imported. */
const noApp = {
  group: readdirSync(new URL('apps', import.meta.url)).flatMap((app) => [`@gatehouse/${app}`, `@gatehouse/${app}/**`]),
  message: 'Nothing imports an app; move what is shared into a package.',
};

/** Of the workspace, only these packages; the rest is refused. */
const only = (...allowed: string[]) => ({
  group: [
    '@gatehouse/*',
    '@gatehouse/*/**',
    ...allowed.flatMap((name) => [`!@gatehouse/${name}`, `!@gatehouse/${name}/**`]),
  ],
  message: `Of the workspace, this code may import only: ${allowed.join(', ') || 'nothing'}.`,
});

const notTheProvider = { name: 'oidc-provider', message: 'Only protocol/ of the identity provider speaks to it.' };
const notTheClient = { name: 'openid-client', message: 'Only openid-client.ts of auth-client speaks to it.' };
const notTheDriver = {
  name: 'pg',
  allowTypeImports: true,
  message: 'Only src/server.ts connects to the database; take the pool as an argument.',
};
const notToConnect = {
  name: '@gatehouse/prisma',
  importNames: ['connect'],
  message: 'Only src/server.ts connects to the database; take it as an argument.',
};
const notToChange = { name: '@gatehouse/directory/manage', message: 'Only the console changes the directory.' };
const libraries = [notTheProvider, notTheClient];

/** Replaces what an earlier entry said for these files. */
const imports = (files: string[], paths: object[], ...ours: string[]) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { paths, patterns: ours.length ? [only(...ours)] : [noApp] }] as const },
});

const department = ['auth-client', 'directory', 'audit', 'web'];
const console = [...department, 'accounts', 'clients'];
const provider = ['accounts', 'clients', 'directory', 'audit', 'web', 'prisma', 'encryption', 'mail'];

/** Code that runs the others: it reads the environment and talks to the terminal. */
const tools = [
  'scripts',
  'packages/{launcher,create-app,test-kit,schema-engine,bench,case-report}',
  'packages/provisioning/src/production',
  'packages/{clients,directory}/src/cli',
  'apps/e2e',
].map((folder) => `${folder}/**`);

export default defineConfig({
  plugins: ['typescript', 'import', 'node', 'promise', 'unicorn', 'oxc', 'vitest'],
  categories: { correctness: 'error' },
  ignorePatterns: ['**/generated/**'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    'typescript/no-deprecated': [
      'error',
      // Called deprecated only to stand out as unfit for production; we allow it for loopback addresses.
      {
        allow: ['openid-client', 'oauth4webapi'].map((name) => ({
          from: 'package' as const,
          package: name,
          name: 'allowInsecureRequests',
        })),
      },
    ],
    'typescript/no-unnecessary-type-assertion': 'error',
    'typescript/only-throw-error': 'error',
    'import/no-cycle': 'error',
    // Imports are what the walls see: nothing is loaded around them.
    'typescript/no-require-imports': 'error',
    'unicorn/prefer-node-protocol': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-var': 'error',
    'prefer-const': 'error',
    'node/no-process-env': 'error',
    'no-console': 'error',
    'max-lines': ['error', { max: 300 }],
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    // Expectations stand in supertest's requests and in helpers too, and some hold for one case of a table only.
    'vitest/expect-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    // The error's type or code is checked where it matters.
    'vitest/require-mock-type-parameters': 'off',
    'vitest/require-to-throw-message': 'off',
    // Of what `correctness` brings, these dislike idioms that are sound here: callbacks of stores and of Express,
    // request ids in texts, objects of closures.
    'promise/no-callback-in-promise': 'off',
    'typescript/no-base-to-string': 'off',
    'typescript/no-misused-spread': 'off',
    'typescript/require-array-sort-compare': 'off',
    'typescript/restrict-template-expressions': 'off',
    'typescript/unbound-method': 'off',
  },
  overrides: [
    // Tools start other programs with an environment; servers hand theirs to loadConfig; configuration files read it.
    {
      files: [...tools, '**/testing/**', '**/{server,create-admin,manage-keys,person}.ts', '**/*.config.ts'],
      rules: { 'node/no-process-env': 'off' },
    },
    { files: tools, rules: { 'no-console': 'off' } },

    // Later entries replace earlier ones.
    imports(['packages/**', 'prisma/**'], libraries),
    imports(['packages/audit/src/**'], libraries, 'prisma'),
    imports(['packages/directory/src/**'], libraries, 'audit', 'prisma'),
    imports(['packages/directory/src/api/**'], libraries, 'audit', 'prisma', 'web'),
    imports(['packages/accounts/src/**'], libraries, 'directory', 'audit', 'prisma', 'encryption', 'web'),
    imports(['packages/clients/src/**'], libraries, 'audit', 'directory', 'encryption', 'prisma', 'web'),
    imports(['packages/web/src/**'], libraries, 'encryption'),
    imports(['packages/mail/src/**'], libraries, 'encryption'),
    imports(['packages/auth-client/src/**'], libraries, 'encryption'),
    imports(['packages/auth-client/src/openid-client.ts'], [notTheProvider], 'encryption'),

    imports(['apps/*/**'], [...libraries, notTheDriver, notToChange], ...department),
    imports(['apps/*/src/server.ts'], [...libraries, notToChange], ...department, 'prisma'),
    imports(['apps/console/**'], [...libraries, notTheDriver], ...console),
    imports(['apps/console/src/server.ts'], libraries, ...console, 'prisma'),
    imports(['apps/identity-provider/**'], [...libraries, notTheDriver, notToConnect], ...provider),
    imports(['apps/identity-provider/src/protocol/**'], [notTheClient, notTheDriver, notToConnect], ...provider),
    imports(['apps/identity-provider/src/{server,create-admin,manage-keys,person}.ts'], libraries, ...provider),

    // Tests and what they stand on take the whole organisation apart.
    {
      files: [
        'packages/{test-kit,bench}/**',
        'apps/e2e/**',
        '**/*.{test,config}.ts',
        '**/{testing,test-*}.ts',
        '**/testing/**',
      ],
      rules: { 'no-restricted-imports': ['error', { patterns: [noApp] }] },
    },
  ],
});
