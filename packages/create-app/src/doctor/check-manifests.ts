import { basename } from 'node:path';
import type { LocatedApp } from '@gatehouse/provisioning';
import { type Finding, fault } from './finding.ts';

/** What apps may not share: their place among the ports, and the name after which their cookies are called. */
export function checkManifest({ manifest, directory }: LocatedApp, apps: LocatedApp[]): Finding[] {
  const others = apps.filter((other) => other.directory !== directory);
  const findings: Finding[] = [];
  const change = `change it in apps/${basename(directory)}/manifest.ts`;
  for (const { manifest: other } of others) {
    if (other.portOffset === manifest.portOffset) {
      findings.push(fault('port', `portOffset ${manifest.portOffset} is also that of ${other.clientId}`, change));
    }
    if (other.clientId === manifest.clientId) {
      const cause = `clientId ${manifest.clientId} is also that of another app, so both have the cookie gatehouse.${manifest.clientId}`;
      findings.push(fault('cookie', cause, change));
    }
  }
  return findings;
}
