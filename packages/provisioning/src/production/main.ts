/** The one-shot step of a release: `node packages/provisioning/src/production/main.ts`. */
import { join } from 'node:path';
import { loadManifests } from '../manifests.ts';
import { loadConfig } from './config.ts';
import { deploy } from './deploy.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const apps = await loadManifests(root);
const config = loadConfig(
  process.env,
  apps.map(({ manifest }) => manifest),
);
await deploy(
  config,
  apps,
  root,
  ({ clientId, role, code }) =>
    console.warn(`${clientId}: no rule for the role ${role}, because the directory has no ${code}.`),
  ({ clientId, role, people }) =>
    console.warn(`${clientId}: the role ${role} is retired. Who loses it: ${people.join(', ') || 'nobody'}.`),
);
console.log(`Migrated and provisioned ${apps.length} apps.`);
