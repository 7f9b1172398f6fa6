import type { AppManifest } from '@gatehouse/directory/manifest';

/** What a manifest made here says; the rest of `AppManifest` has its default. */
export type NewManifest = Required<
  Pick<AppManifest, 'clientId' | 'title' | 'description' | 'portOffset' | 'position' | 'accent' | 'schema'>
> &
  Pick<AppManifest, 'roles' | 'accessRules' | 'api'>;

/** The text of `manifest.ts`, as the formatter leaves it. */
export function manifestSource(manifest: NewManifest): string {
  const { clientId, title, description, portOffset, position, accent, roles, accessRules, schema, api } = manifest;
  const plain = { clientId, title, description, portOffset, position, accent };
  return `import { defineApp } from '@gatehouse/directory/manifest';

export default defineApp({
${Object.entries(plain).map(property).join('\n')}
${rolesSource(roles)}
${api ? '' : `${rulesSource(accessRules, Object.keys(roles))}\n`}  schema: ${literal(schema)},
${api ? apiSource(api) : ''}});
`;
}

function rolesSource(roles: NewManifest['roles']): string {
  const each = Object.entries(roles).map(([role, about]) => `    ${key(role)}: ${inline(about)},`);
  return each.length ? `  roles: {\n${each.join('\n')}\n  },` : '  roles: {},';
}

function apiSource({ scopes }: NonNullable<NewManifest['api']>): string {
  const [scope = ''] = Object.keys(scopes);
  return `  api: {
    scopes: ${inline(scopes)},
    // Closed until an app is named that may call it: clients: { finance: [${literal(scope)}] }
    clients: {},
  },
`;
}

function rulesSource(rules: NewManifest['accessRules'], roles: string[]): string {
  const [role = 'reader'] = roles;
  const hint = `  // Closed until a rule opens it: { role: '${role}', department: CODE } for a department with all below it,
  // { role: '${role}', designation: CODE } for a post. Afterwards the console changes who may open it.`;
  if (rules.length === 0) return `${hint}\n  accessRules: [],`;
  return `${hint}\n  accessRules: [${rules.map((rule) => inline(rule)).join(', ')}],`;
}

const property = ([name, value]: [string, unknown]) => `  ${name}: ${literal(value)},`;

const inline = (value: object) =>
  `{ ${Object.entries(value)
    .map(([name, each]) => `${key(name)}: ${literal(each)}`)
    .join(', ')} }`;

const key = (name: string) => (/^[a-z_]\w*$/i.test(name) ? name : literal(name));

function literal(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const count = (mark: string) => value.split(mark).length;
  const quote = count("'") > count('"') ? '"' : "'";
  return quote + value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote;
}
