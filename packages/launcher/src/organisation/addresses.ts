import { join } from 'node:path';
import type { AppManifest } from '@gatehouse/directory/manifest';
import { type LocatedApp, loadManifests } from '@gatehouse/provisioning';

/** An app of this checkout with its place on this machine. */
export type AddressedApp = LocatedApp & { port: number; url: string };

export type Addresses = {
  issuer: { port: number; url: string; directory: string };
  postgresPort: number;
  personasPort: number;
  apps: AddressedApp[];
};

/**
 * Where everything runs: the identity provider at `portBase`, each app at its offset, PostgreSQL 32 above, where
 * one becomes somebody else 33 above.
 * @param version see `loadManifests`
 */
export async function loadAddresses(root: string, portBase: number, version?: string): Promise<Addresses> {
  const apps = await loadManifests(root, version);
  return {
    issuer: { port: portBase, url: localUrl(portBase), directory: join(root, 'apps', 'identity-provider') },
    postgresPort: portBase + 32,
    personasPort: portBase + 33,
    apps: apps.map((app) => ({ ...app, ...addressOf(app.manifest, portBase) })),
  };
}

function addressOf({ portOffset }: AppManifest, portBase: number) {
  const port = portBase + portOffset;
  return { port, url: localUrl(port) };
}

function localUrl(port: number): string {
  return `http://localhost:${port}`;
}
