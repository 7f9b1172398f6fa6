import type { ClientBase } from 'pg';
import type { AppManifest } from '../manifest.ts';
import { type RetiredRole, registerRoles } from './register-roles.ts';

export interface AppToRegister {
  manifest: AppManifest;
  /** The app's own origin, and path prefix if any, without a trailing slash. */
  url: string;
}

/** An access rule for a designation or department that the directory does not have. */
export interface UnknownCode {
  clientId: string;
  role: string;
  code: string;
}

export interface Registration {
  /**
   * Told of a rule that is left out because the organisation has no such post or department. Default: it is an error.
   */
  onUnknownCode?: ((unknown: UnknownCode) => void) | undefined;
  /** Told who loses a role that is retired, before they do. */
  onRetired?: ((retired: RetiredRole) => void) | undefined;
  /** The newest migration that this release knows. What an older release declares changes nothing. */
  release?: string | undefined;
}

/**
 * Puts what the manifests declare into the directory. Idempotent. Nobody loses a role by it that the manifest does not
 * retire. Access rules are taken from the manifest only for a role that is new: afterwards they belong to the
 * administrators, and what was changed in the console stays.
 *
 * @throws {Error} for the first such rule, where nobody is to be told; for an id that a client of others has
 */
export async function registerApps(
  db: ClientBase,
  apps: readonly AppToRegister[],
  registration: Registration = {},
): Promise<void> {
  const current: AppToRegister[] = [];
  for (const app of apps) if (await registerApp(db, app, registration)) current.push(app);
  for (const { manifest, url } of current) await registerApi(db, manifest, `${url}/api`);
}

function refuse({ clientId, code }: UnknownCode): never {
  throw new Error(`The manifest of ${clientId} has a rule for ${code}, which the directory does not know`);
}

/** @returns whether the release may say what the app is: a newer one has not said it yet */
async function registerApp(
  db: ClientBase,
  { manifest, url }: AppToRegister,
  { onUnknownCode = refuse, onRetired = () => {}, release = '' }: Registration,
): Promise<boolean> {
  const { clientId } = manifest;
  const { rows } = await db.query<{ created: boolean }>(
    `INSERT INTO directory.app AS app (client_id, title, description, url, access, position, accent, second_factor, release)
     VALUES ($1, $2, $3, $4, $5::directory.app_access, $6, $7, $8, $9)
     ON CONFLICT (client_id) DO UPDATE SET title = EXCLUDED.title, description = EXCLUDED.description,
       url = EXCLUDED.url, accent = EXCLUDED.accent, second_factor = EXCLUDED.second_factor,
       release = EXCLUDED.release
     WHERE app.first_party AND app.release <= EXCLUDED.release
     RETURNING (xmax = 0) AS created`,
    [
      clientId,
      manifest.title,
      manifest.description,
      url,
      manifest.access,
      manifest.position,
      manifest.accent,
      manifest.secondFactor,
      release,
    ],
  );
  if (!rows[0]) {
    const { rowCount } = await db.query('SELECT FROM directory.app WHERE client_id = $1 AND first_party', [clientId]);
    if (rowCount === 0) throw new Error(`${clientId} is the id of a client of others already`);
    return false;
  }
  const added = await registerRoles(db, manifest, onRetired);
  const rules = manifest.accessRules.filter(({ role }) => added.includes(role));
  await addAccessRules(db, { clientId, accessRules: rules }, onUnknownCode);
  return true;
}

async function addAccessRules(
  db: ClientBase,
  { clientId, accessRules }: Pick<AppManifest, 'clientId' | 'accessRules'>,
  onUnknownCode: (unknown: UnknownCode) => void,
): Promise<void> {
  for (const { role, designation, department } of accessRules) {
    const { rowCount } = await db.query(
      `INSERT INTO directory.access_rule (client_id, role, designation_id, department_id)
       SELECT $1, $2, d.id, NULL FROM directory.designation d WHERE d.code = $3
       UNION ALL
       SELECT $1, $2, NULL, dep.id FROM directory.department dep WHERE dep.code = $4`,
      [clientId, role, designation ?? null, department ?? null],
    );
    if (rowCount === 0) onUnknownCode({ clientId, role, code: designation ?? department ?? '' });
  }
}

/** What is permitted already stays as it is, so that no request falls between taking it back and giving it again. */
async function registerApi(db: ClientBase, { api }: AppManifest, audience: string): Promise<void> {
  const permitted = Object.entries(api?.clients ?? {}).flatMap(([client, scopes]) =>
    scopes.map((scope) => ({ client, scope })),
  );
  const values = [audience, permitted.map(({ scope }) => scope), permitted.map(({ client }) => client)];
  await db.query(
    `DELETE FROM directory.api_permission WHERE audience = $1 AND (scope, client_id) NOT IN (
       SELECT scope, client_id FROM unnest($2::text[], $3::text[]) AS permitted (scope, client_id))`,
    values,
  );
  await db.query(
    `INSERT INTO directory.api_permission (audience, scope, client_id)
     SELECT $1, scope, client_id FROM unnest($2::text[], $3::text[]) AS permitted (scope, client_id)
     ON CONFLICT DO NOTHING`,
    values,
  );
}
