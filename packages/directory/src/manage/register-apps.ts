import type { ClientBase } from 'pg';
import type { AppManifest } from '../manifest.ts';

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

/**
 * Puts what the manifests declare into the directory. Idempotent. A role that a manifest no longer declares goes, with
 * its rules and grants. Access rules are taken from the manifest only when the app is new: afterwards they belong to
 * the administrators, and what was changed in the console stays.
 *
 * @param onUnknownCode told of a rule that is left out because the organisation has no such post or department
 * @throws {Error} for the first such rule, where nobody is to be told; for an id that a client of others has
 */
export async function registerApps(
  db: ClientBase,
  apps: readonly AppToRegister[],
  onUnknownCode: (unknown: UnknownCode) => void = refuse,
): Promise<void> {
  for (const app of apps) await registerApp(db, app, onUnknownCode);
  for (const { manifest, url } of apps) await registerApi(db, manifest, `${url}/api`);
}

function refuse({ clientId, code }: UnknownCode): never {
  throw new Error(`The manifest of ${clientId} has a rule for ${code}, which the directory does not know`);
}

async function registerApp(
  db: ClientBase,
  { manifest, url }: AppToRegister,
  onUnknownCode: (unknown: UnknownCode) => void,
): Promise<void> {
  const { clientId } = manifest;
  const { rows } = await db.query<{ created: boolean }>(
    `INSERT INTO directory.app AS app (client_id, title, description, url, access, position, accent, second_factor)
     VALUES ($1, $2, $3, $4, $5::directory.app_access, $6, $7, $8)
     ON CONFLICT (client_id) DO UPDATE SET title = EXCLUDED.title, description = EXCLUDED.description,
       url = EXCLUDED.url, accent = EXCLUDED.accent, second_factor = EXCLUDED.second_factor
     WHERE app.first_party
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
    ],
  );
  if (!rows[0]) throw new Error(`${clientId} is the id of a client of others already`);
  const roles = Object.entries(manifest.roles);
  for (const [role, { title, description, secondFactor = false }] of roles) {
    await db.query(
      `INSERT INTO directory.app_role (client_id, role, title, description, second_factor) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (client_id, role) DO UPDATE SET title = EXCLUDED.title, description = EXCLUDED.description,
         second_factor = EXCLUDED.second_factor`,
      [clientId, role, title, description, secondFactor],
    );
  }
  await db.query('DELETE FROM directory.app_role WHERE client_id = $1 AND role <> ALL ($2)', [
    clientId,
    roles.map(([role]) => role),
  ]);
  if (rows[0].created) await addAccessRules(db, manifest, onUnknownCode);
}

async function addAccessRules(
  db: ClientBase,
  { clientId, accessRules }: AppManifest,
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

async function registerApi(db: ClientBase, { api }: AppManifest, audience: string): Promise<void> {
  await db.query('DELETE FROM directory.api_permission WHERE audience = $1', [audience]);
  for (const [client, scopes] of Object.entries(api?.clients ?? {})) {
    for (const scope of scopes) {
      await db.query('INSERT INTO directory.api_permission (audience, scope, client_id) VALUES ($1, $2, $3)', [
        audience,
        scope,
        client,
      ]);
    }
  }
}
