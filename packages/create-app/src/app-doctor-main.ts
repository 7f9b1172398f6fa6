/** `pnpm app-doctor`, run by the launcher. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadSettings, type Org } from '@gatehouse/launcher';
import { loadManifests } from '@gatehouse/provisioning';
import { readRecord } from './checkout/template-record.ts';
import { runningFaults } from './doctor/running-faults.ts';
import { templateLag } from './doctor/template-lag.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const { root, local } = loadSettings(process.env);
  // The launcher's record of a run is there while the organisation runs.
  const runs = existsSync(join(local, 'run.json')) && existsSync(join(local, 'org.json'));
  const org: Org | undefined = runs ? JSON.parse(readFileSync(join(local, 'org.json'), 'utf8')) : undefined;
  if (!org) console.log('The organisation does not run: only what can be seen in the files is looked at.');
  const apps = await loadManifests(root);
  for (const { manifest, directory } of apps) {
    const faults: string[] = [];
    const sharing = apps.filter(
      ({ manifest: other }) => other !== manifest && other.portOffset === manifest.portOffset,
    );
    for (const other of sharing) faults.push(`port: ${other.manifest.clientId} has the same portOffset`);
    const pkg = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const lag = pkg.template ? templateLag(root, readRecord(root, basename(directory)).commit) : undefined;
    for (const title of lag?.security ?? []) faults.push(`security fix missing: ${title} (pnpm app-update)`);
    const running = org?.apps.find((app) => app.client_id === manifest.clientId);
    if (org && running) faults.push(...(await runningFaults({ url: running.url, issuer: org.issuer })));
    const age = lag ? `${lag.behind.length} commits behind the template` : 'not made from the template';
    console.log(`${faults.length ? '✗' : '✓'} ${manifest.clientId}: ${age}`);
    for (const fault of faults) console.log(`    ${fault}`);
    if (faults.length) process.exitCode = 1;
  }
});
