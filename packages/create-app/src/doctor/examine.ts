import { basename } from 'node:path';
import { isFree, type Org, runningOrg, type Settings } from '@gatehouse/launcher';
import { type LocatedApp, readManifests } from '@gatehouse/provisioning';
import { madeApps } from '../checkout/template-record.ts';
import { checkDatabase } from './check-database.ts';
import { checkManifest } from './check-manifests.ts';
import { checkCookies, checkProcess, type Probe } from './check-process.ts';
import { checkProvider } from './check-provider.ts';
import { checkSecrets, readSecrets } from './check-secrets.ts';
import { type Finding, fault, restart, warning } from './finding.ts';
import { lagFindings, listFindings, type TemplateLag, templateLag } from './template-lag.ts';

export interface Report {
  /** Where the organisation runs; undefined when it does not. */
  issuer: string | undefined;
  /** What concerns every app. */
  findings: Finding[];
  apps: AppReport[];
}

export interface AppReport {
  name: string;
  /** Undefined where it was not made from the template. */
  template: TemplateLag | undefined;
  findings: Finding[];
}

/** Looks at the files of the checkout, and at the organisation where it runs. Changes nothing. */
export async function examine({ root, local, portBase, databaseUrl }: Settings): Promise<Report> {
  const apps = await readManifests(root);
  const made = new Set(madeApps(root));
  const org = runningOrg(local);
  const { secrets, findings: unreadable } = readSecrets(local);
  const ownerUrl = org?.database_url ?? databaseUrl;
  const users = apps.map(({ manifest: { clientId, schema } }) => {
    return { clientId, schema, password: secrets?.[clientId]?.database_password };
  });
  // Before the first start nothing has been made that could be wrong.
  const database = ownerUrl && secrets ? await checkDatabase(ownerUrl, users) : { organisation: [], apps: new Map() };
  const probes = org ? await probe(apps, org) : new Map<string, Probe>();
  const cookies = checkCookies(probes);
  const reports = apps.map(async (app) => {
    const { clientId } = app.manifest;
    const name = basename(app.directory);
    const template = made.has(name) ? templateLag(root, name) : undefined;
    const findings = [
      ...(template ? lagFindings(name, template) : []),
      ...checkManifest(app, apps),
      ...(org ? [] : await checkPort(portBase + app.manifest.portOffset)),
      ...(secrets ? checkSecrets(secrets[clientId], org ? restart : 'npm start, which makes what is missing') : []),
      ...(database.apps.get(clientId) ?? []),
      ...(probes.get(clientId)?.findings ?? []),
      ...(cookies.get(clientId) ?? []),
      ...(org && !probes.has(clientId)
        ? [warning('process', 'the organisation that runs does not have it', restart)]
        : []),
    ];
    return { name, template, findings };
  });
  return {
    issuer: org?.issuer,
    findings: [
      ...listFindings(root),
      ...unreadable,
      ...database.organisation,
      ...(org ? await checkProvider(org.issuer) : await checkPort(portBase)),
    ],
    apps: await Promise.all(reports),
  };
}

async function probe(apps: LocatedApp[], org: Org): Promise<Map<string, Probe>> {
  const known = new Set(apps.map(({ manifest }) => manifest.clientId));
  const running = org.apps.filter(({ client_id: clientId }) => known.has(clientId));
  const probes = running.map(async ({ client_id: clientId, url }): Promise<[string, Probe]> => {
    return [clientId, await checkProcess({ clientId, url }, org.issuer)];
  });
  return new Map(await Promise.all(probes));
}

async function checkPort(port: number): Promise<Finding[]> {
  if (await isFree(port)) return [];
  const mend = `end that program (lsof -i :${port} names it), or PORT_BASE=5000 npm start`;
  return [fault('port', `port ${port} is taken by a program that is not ours`, mend)];
}
