import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { requireFreePorts } from '../ports/index.ts';
import { type AddressedApp, loadAddresses } from './addresses.ts';
import { appProcesses } from './app-processes.ts';
import { removeLeftApps } from './left-apps.ts';
import { mailFolder } from './mail-folder.ts';
import { writeOrgFile } from './org-file.ts';
import { migrateAll, provisionAll } from './prepare-database.ts';
import { loadSecrets } from './secrets.ts';
import { seedOnce } from './seed.ts';
import type { OrganisationOptions } from './start-organisation.ts';
import type { StartContext } from './start-steps.ts';

/**
 * Brings the running organisation to the apps that the checkout has now: ends those that went, and migrates, seeds,
 * registers and starts those that came. The others are not touched.
 * @throws PortBusyError, ProcessStartError; the apps that could not start are not part of the organisation then
 */
export async function updateApps(context: StartContext, options: OrganisationOptions): Promise<void> {
  const { settings, watch = false, environment = {} } = options;
  const { local, root } = settings;
  const before = context.addresses;
  const addresses = await loadAddresses(root, settings.portBase, randomUUID());
  const came = addresses.apps.filter((app) => !has(before.apps, app));
  const went = before.apps.filter((app) => !has(addresses.apps, app));

  for (const { manifest } of went) await context.supervisor.end(manifest.clientId);
  context.addresses = { ...before, apps: before.apps.filter((app) => has(addresses.apps, app)) };
  await removeLeftApps(context.ownerUrl, local);
  if (came.length > 0) {
    await requireFreePorts(came.map(({ port, manifest }) => ({ port, purpose: manifest.title })));
    await migrateAll(context.ownerUrl, root, came);
    await seedOnce(context.ownerUrl, addresses.apps, join(local, 'seeded.json'));
    const clientIds = addresses.apps.map(({ manifest }) => manifest.clientId);
    context.secrets = loadSecrets(join(local, 'secrets.json'), clientIds);
    await provisionAll(context.ownerUrl, addresses.apps, context.secrets);
    const specs = appProcesses({ ...context, addresses, mailFolder: mailFolder(local), watch, environment });
    for (const spec of specs.filter(({ name }) => came.some(({ manifest }) => manifest.clientId === name))) {
      await context.supervisor.add(spec);
    }
    context.addresses = addresses;
  }
  context.org = writeOrgFile(join(local, 'org.json'), context);
}

const has = (apps: AddressedApp[], { manifest }: AddressedApp) =>
  apps.some((each) => each.manifest.clientId === manifest.clientId);
