import { schemaOf } from '@gatehouse/directory/reserved-names';
import type { Checkout } from '../checkout/read-checkout.ts';
import type { TemplateRecord } from '../checkout/template-record.ts';
import { CreateAppError } from '../errors.ts';
import { requireAppName } from './app-name.ts';
import { withService } from './compose-file.ts';
import { type Kind, layOver } from './kind.ts';
import { withImporter } from './lockfile.ts';
import { manifestSource, type NewManifest } from './manifest-source.ts';

export interface AppWishes {
  name: string;
  /** For people. Default: the name with a capital and spaces. */
  title?: string | undefined;
  /** The line below the title in the launcher. */
  description?: string | undefined;
  /** Code of the department whose people may open the app at once. Default: nobody may. */
  department?: string | undefined;
  /** Default `page`. */
  kind?: Kind | undefined;
}

export interface NewFile {
  /** Within the checkout. */
  path: string;
  content: Buffer;
  /** Whether git marks it so. */
  executable: boolean;
}

export interface Edit {
  path: string;
  before: string;
  after: string;
}

/** All that making an app changes in the checkout. Nothing has happened yet. */
export interface Plan {
  manifest: NewManifest;
  /** The template's commit that the app begins from. */
  commit: string;
  create: NewFile[];
  edit: Edit[];
}

const accents = ['ochre', 'harbour', 'moss', 'plum', 'rust', 'slate'];

/**
 * Works out an app from the template's committed files. The identity is data: it stands in the manifest and in
 * `package.json`, which are written anew; every other file is copied as it is.
 * @throws {CreateAppError}
 */
export function planApp(wishes: AppWishes, checkout: Checkout): Plan {
  const name = requireAppName(wishes.name, checkout.takenNames);
  const manifest = planManifest({ ...wishes, name }, checkout);
  const { template, overlay, compose, lockfile } = checkout;
  const own: Record<string, (content: Buffer) => string> = {
    'manifest.ts': () => manifestSource(manifest),
    'package.json': (content) => packageJson(content, name, template, wishes.kind),
  };
  const create = layOver(template.files, overlay).map(({ path, content, executable }) => {
    const edited = own[path]?.(content);
    return { path: `apps/${name}/${path}`, content: edited ? Buffer.from(edited) : content, executable };
  });
  const edit = [
    { path: 'docker-compose.yml', before: compose, after: withService(compose, name, manifest.portOffset) },
    { path: 'pnpm-lock.yaml', before: lockfile, after: withImporter(lockfile, name) },
  ];
  return { manifest, commit: template.commit, create, edit };
}

function planManifest(wishes: AppWishes, { manifests, freeOffsets, departments, overlay }: Checkout): NewManifest {
  const { name, department } = wishes;
  const title = requireTitle(wishes.title, name);
  const [portOffset] = freeOffsets;
  if (portOffset === undefined) throw new CreateAppError('no_place', 'Every port of the organisation is taken.');
  if (department !== undefined && !departments.includes(department)) {
    const known = departments.join(', ');
    throw new CreateAppError('department_unknown', `There is no department "${department}". There are ${known}.`);
  }
  const roles = overlay.manifest.roles ?? manifests.find(({ clientId }) => clientId === 'template')?.roles ?? {};
  const [firstRole] = Object.keys(roles);
  if (firstRole === undefined && department !== undefined) {
    throw new CreateAppError(
      'department_refused',
      'Other apps call an API, and people do not open it: leave --department out.',
    );
  }
  return {
    clientId: name,
    title,
    description: requireText('description', wishes.description ?? `${title} for our department`, 90),
    portOffset,
    position: Math.max(...manifests.map(({ position }) => position)) + 10,
    accent: leastUsed(manifests.map(({ accent }) => accent ?? 'harbour')),
    roles,
    accessRules: department === undefined ? [] : [{ role: firstRole ?? '', department }],
    schema: schemaOf(name),
    api: overlay.manifest.api,
  };
}

const titleOf = (name: string): string => {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** @throws {CreateAppError} title_refused */
export const requireTitle = (title: string | undefined, name: string): string =>
  requireText('title', title ?? titleOf(name), 40);

function requireText(what: string, text: string, longest: number): string {
  const trimmed = text.trim();
  if (trimmed && trimmed.length <= longest && !/[\p{C}\p{Zl}\p{Zp}]/u.test(trimmed)) return trimmed;
  throw new CreateAppError('title_refused', `The ${what} has to be one line of 1 to ${longest} characters.`);
}

function leastUsed(used: string[]): string {
  const times = (accent: string) => used.filter((each) => each === accent).length;
  return accents.reduce((best, each) => (times(each) <= times(best) ? each : best));
}

function packageJson(content: Buffer, name: string, { version, commit }: TemplateRecord, kind: Kind = 'page'): string {
  const { name: _, private: isPrivate, type, ...rest } = JSON.parse(content.toString());
  const own = {
    name: `@gatehouse/${name}`,
    private: isPrivate,
    type,
    template: { version, commit },
    ...(kind !== 'page' && { kind }),
    ...rest,
  };
  return `${JSON.stringify(own, null, 2)}\n`;
}
