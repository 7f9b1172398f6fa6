import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadManifests } from '@gatehouse/provisioning';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { org } from '../support/people.ts';
import { readCompose, requiredVariables, root } from './compose.ts';
import { recordedEnvironment } from './recorded-environment.ts';

const page = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');
const apps = await loadManifests(root);
const clientIds = apps.map(({ manifest }) => manifest.clientId);

/** The page says of apps that `new-app` makes, which package.json tells, that each brings its address. */
const addressesOfNewApps = apps
  .filter(({ directory }) => JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).template)
  .map(({ manifest }) => `${manifest.clientId.replaceAll('-', '_').toUpperCase()}_URL`);

/** The variables of the configuration table, by who reads them. */
const documented = [...page.matchAll(/^\| `([A-Z_]+)` \| ([\w-]+) \|/gm)].map(([, name = '', who = '']) => ({
  name,
  who,
}));

const readBy = (app: string): string[] =>
  documented
    .filter(({ who }) => who === 'all' || who === app || (who === 'apps' && clientIds.includes(app)))
    .map(({ name }) => name)
    .sort();

it.each(['identity-provider', ...clientIds])('docs/operations.md lists exactly what %s reads', async (app) => {
  const { loadConfig } = await import(pathToFileURL(join(root, 'apps', app, 'src', 'config.ts')).href);
  const { env, asked } = recordedEnvironment({});
  expect(() => loadConfig(env)).toThrow();
  expect(readBy(app)).toEqual([...asked].filter((name) => !name.endsWith('_FILE')).sort());
});

it('docs/operations.md gives every variable that docker-compose.yml demands', () => {
  const dotEnv = page.match(/cat > \.env <<'END'\n([^]*?)\nEND/)?.[1] ?? '';
  const given = dotEnv.split('\n').map((line) => line.split('=')[0]);
  const demanded = requiredVariables(readFileSync(join(root, 'docker-compose.yml'), 'utf8'));
  expect(given.sort()).toEqual(demanded.filter((name) => !addressesOfNewApps.includes(name)).sort());
  expect(Object.keys(readCompose().services)).toContain('provision');
});

it('docs/operations.md gives SQL that leaves nobody signed in after a restore', async () => {
  const sql = page.match(/## Backup and restore[^]*?```sql\n([^]*?)```/)?.[1] ?? '';
  const owner = new pg.Client({ connectionString: org.database_url });
  await owner.connect();
  onTestFinished(() => owner.end());
  const signedIn = async () => (await owner.query(`SELECT FROM app_sessions.sign_in WHERE ended_at IS NULL`)).rowCount;
  // Never committed: the journeys' own sign-ins stay.
  await owner.query('BEGIN');
  await owner.query(
    `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
     SELECT 'uid', 'finance', 'sid', 'grant', id, now() + interval '1 hour' FROM directory.person LIMIT 1`,
  );
  expect(await signedIn()).toBeGreaterThan(0);
  await owner.query(sql);
  expect(await signedIn()).toBe(0);
});
