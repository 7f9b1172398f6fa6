import { join } from 'node:path';
import { requireFreePorts } from '../ports/index.ts';
import { openRunRecord, type RunRecord } from '../processes/run-record.ts';
import type { Supervisor } from '../processes/supervise.ts';
import { type Addresses, loadAddresses } from './addresses.ts';
import { ensureDatabase, type Organisation, readOrganisation } from './database.ts';
import { startEmbeddedDatabase } from './embedded-database.ts';
import { removeLeftApps } from './left-apps.ts';
import { offerPersonas } from './offer-personas.ts';
import { type Org, writeOrgFile } from './org-file.ts';
import { migrateAll, provisionAll } from './prepare-database.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { seedOnce } from './seed.ts';
import { startApps } from './start-apps.ts';
import type { OrganisationOptions } from './start-organisation.ts';

/** What each step leaves for the later ones. */
export type StartContext = {
  run: RunRecord;
  addresses: Addresses;
  ownerUrl: string;
  /** See `Settings`. */
  poolerUrl?: string | undefined;
  organisation: Organisation;
  secrets: Secrets;
  rolePrefix: string;
  developmentBar?: string;
  supervisor: Supervisor;
  org: Org;
};

/** A line of the progress that a step may change. */
type Line = { title: string; output: string };

type Step = { title: string; run(context: StartContext, line: Line): Promise<void> };

/** What starting consists of, in order. Every step can be repeated, and does nothing that was done already. */
export function startSteps(options: OrganisationOptions): Step[] {
  const { settings, resources } = options;
  return [
    {
      title: 'Look for what an earlier run left, and for free ports',
      async run(context) {
        context.addresses = await loadAddresses(settings.root, settings.portBase);
        context.run = await openRunRecord(join(settings.local, 'run.json'), settings.starters);
        resources.defer(() => context.run.close());
        await requireFreePorts(portsOf(context.addresses, options));
      },
    },
    {
      title: settings.databaseUrl ? 'Find the database' : 'Start PostgreSQL',
      async run(context) {
        const { postgresPort } = context.addresses;
        context.ownerUrl = settings.databaseUrl ?? (await startEmbeddedDatabase(settings, postgresPort, resources));
        context.poolerUrl = settings.databasePoolerUrl;
        await ensureDatabase(context.ownerUrl);
      },
    },
    {
      title: 'Migrate the user database and the tables of every app',
      run: ({ ownerUrl, addresses }) => migrateAll(ownerUrl, settings.root, addresses.apps),
    },
    {
      title: 'Find the organisation, or seed Harbour Council',
      async run(context, line) {
        const { ownerUrl, addresses } = context;
        const seeded = await seedOnce(ownerUrl, addresses.apps, join(settings.local, 'seeded.json'));
        context.organisation = await readOrganisation(ownerUrl);
        if (!seeded) line.title = `Find ${context.organisation.name}`;
      },
    },
    {
      title: 'Give every app its database login, rights and registration',
      async run(context) {
        const { ownerUrl, addresses } = context;
        await removeLeftApps(ownerUrl, settings.local);
        const clientIds = addresses.apps.map(({ manifest }) => manifest.clientId);
        context.secrets = loadSecrets(join(settings.local, 'secrets.json'), clientIds);
        context.rolePrefix = await provisionAll(ownerUrl, addresses.apps, context.secrets);
      },
    },
    {
      title: 'Start the apps',
      async run(context, line) {
        if (options.personas) await offerPersonas(context, settings.local, resources);
        await startApps(context, options, (waiting) => {
          line.output = waiting.length ? `waiting for ${waiting.join(', ')}` : 'all are ready';
        });
        context.org = writeOrgFile(join(settings.local, 'org.json'), context);
      },
    },
  ];
}

function portsOf({ issuer, apps, personasPort }: Addresses, { personas }: OrganisationOptions) {
  return [
    { port: issuer.port, purpose: 'the identity provider' },
    ...apps.map(({ port, manifest }) => ({ port, purpose: manifest.title })),
    ...(personas ? [{ port: personasPort, purpose: 'being somebody else' }] : []),
  ];
}
