import { z } from 'zod';
import { reservation, schemaOf } from './reserved-names.ts';

const name = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');
const scope = z.string().regex(/^[a-z][a-z-]*:[a-z][a-z-]*$/, 'thing:action in lower case');

const role = z.strictObject({
  title: z.string(),
  description: z.string(),
  secondFactor: z.boolean().optional(),
  renamedFrom: name.optional(),
});

const clientId = name
  .max(30, 'at most 30 characters')
  .refine((id) => reservation(id) === undefined, { error: 'the organisation or SQL uses this name' });

const manifestSchema = z.strictObject({
  clientId,
  title: z.string().min(1).max(40),
  description: z.string().min(1).max(160),
  portOffset: z.int().min(1).max(31),
  position: z.int().default(100),
  accent: z.string().default('harbour'),
  kind: z.enum(['department', 'console']).default('department'),
  access: z.enum(['rules', 'everyone']).default('rules'),
  secondFactor: z.boolean().default(false),
  roles: z.record(name, role),
  retire: z.array(name).default([]),
  accessRules: z
    .array(
      z
        .strictObject({ role: name, designation: name.optional(), department: name.optional() })
        .refine((rule) => (rule.designation === undefined) !== (rule.department === undefined), {
          message: 'name either a designation or a department',
        }),
    )
    .default([]),
  schema: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .optional(),
  api: z.strictObject({ scopes: z.record(scope, z.string()), clients: z.record(name, z.array(scope)) }).optional(),
  calls: z.record(name, z.array(scope)).optional(),
});

type ManifestRole = z.infer<typeof role>;

/** What an app declares about itself. `roles` are what the app knows; their keys are the role names in its code. */
export type AppManifest<Role extends string = string> = Omit<
  z.infer<typeof manifestSchema>,
  'roles' | 'accessRules'
> & {
  readonly roles: Readonly<Record<Role, ManifestRole>>;
  readonly accessRules: readonly { role: Role; designation?: string | undefined; department?: string | undefined }[];
};

/** The roles of an app as a union type: `RoleOf<typeof manifest>`. */
export type RoleOf<Manifest> = Manifest extends AppManifest<infer Role> ? Role : never;

type ManifestInput<Role extends string> = Omit<z.input<typeof manifestSchema>, 'roles' | 'accessRules'> & {
  roles: Record<Role, ManifestRole>;
  accessRules?: { role: NoInfer<Role>; designation?: string; department?: string }[];
};

/**
 * Declares an app: one typed manifest per app, in `apps/NAME/manifest.ts`. Provisioning registers it.
 *
 * - `clientId` its OAuth `client_id`, also its folder's name; none that is reserved
 * - `portOffset` added to PORT_BASE locally
 * - `position` its place in the launcher and the app switcher, ascending; default 100
 * - `accent` the colour that it wears, a name of `packages/web`'s style sheet; default `harbour`
 * - `access` `rules` (default): a role is needed to open it; `everyone`: any active person may
 * - `secondFactor` everybody needs a second factor to open it; on a role: whoever has that role. Off by default, and
 *   an administrator's decision in the console goes before it
 * - `renamedFrom` on a role: the name that it had, from which its rules and grants come
 * - `retire` roles that go, with their rules and grants; one that is merely declared no more stays
 * - `accessRules` which designation, or department with all below it, gives which role; codes of the directory
 * - `schema` its own Postgres schema, if it has tables: always the client id, with underscores
 * - `kind` what its database login may do; only the console is a `console`
 * - `api` the scopes of the API that it serves, and the clients that may ask for them
 * - `calls` the APIs of other apps that it calls on a person's behalf, with the scopes that it asks for
 *
 * @throws {z.ZodError} naming every fault, also a rule for a role that the app does not declare
 */
export function defineApp<const Role extends string>(manifest: ManifestInput<Role>): AppManifest<Role> {
  return parseManifest(manifest) as AppManifest<Role>;
}

/**
 * The same for a manifest that comes from somewhere: whoever gives apps their rights trusts no other.
 * @throws {z.ZodError} naming every fault
 */
export function parseManifest(manifest: unknown): AppManifest {
  return checked.parse(manifest);
}

const checked = manifestSchema.superRefine((value, context) => {
  const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  value.accessRules.forEach((rule, index) => {
    if (!Object.hasOwn(value.roles, rule.role)) fault(['accessRules', index, 'role'], `unknown role ${rule.role}`);
  });
  for (const [role, { renamedFrom }] of Object.entries(value.roles)) {
    if (renamedFrom !== undefined && Object.hasOwn(value.roles, renamedFrom)) {
      fault(['roles', role, 'renamedFrom'], `${renamedFrom} is a role of its own`);
    }
  }
  value.retire.forEach((role, index) => {
    if (Object.hasOwn(value.roles, role)) fault(['retire', index], `${role} is declared as well`);
  });
  const schema = schemaOf(value.clientId);
  if (value.schema !== undefined && value.schema !== schema) fault(['schema'], `the schema of this app is ${schema}`);
  if (value.kind === 'console' && value.clientId !== 'console') fault(['kind'], 'only the console is of this kind');
  if (value.kind !== 'console' && value.clientId === 'console') fault(['clientId'], 'the console has this name');
});
