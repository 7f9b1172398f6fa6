import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoPeople, type SeededPerson } from '@gatehouse/prisma/seed';
import { isLauncherRunning } from '../processes/run-record.ts';
import type { Addresses } from './addresses.ts';
import type { Organisation } from './database.ts';

/** What runs and who can sign in, as `.local/org.json` says it to people, scripts and tests. */
export type Org = {
  organisation: string;
  issuer: string;
  apps: { client_id: string; title: string; url: string }[];
  /** Who can sign in with a password that everybody knows. */
  people: SeededPerson[];
  /** The owner's: it may do everything. */
  database_url: string;
};

/** Writes the file, readable by its owner only: it holds the database owner's password. */
export function writeOrgFile(
  file: string,
  { addresses, organisation, ownerUrl }: { addresses: Addresses; organisation: Organisation; ownerUrl: string },
): Org {
  const org: Org = {
    organisation: organisation.name,
    issuer: addresses.issuer.url,
    apps: addresses.apps.map(({ manifest, url }) => ({ client_id: manifest.clientId, title: manifest.title, url })),
    people: demoPeopleOf(organisation),
    database_url: ownerUrl,
  };
  writeFileSync(file, `${JSON.stringify(org, null, 2)}\n`, { mode: 0o600 });
  return org;
}

/** What runs now, if anything does. The record of a launcher that was killed stays, and counts for nothing. */
export function runningOrg(local: string): Org | undefined {
  const file = join(local, 'org.json');
  if (!isLauncherRunning(join(local, 'run.json')) || !existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Those of the demo organisation whom a developer is offered, as far as they are in this one. */
export const demoPeopleOf = ({ demoLogins }: Organisation): SeededPerson[] =>
  demoPeople().filter(({ login }) => demoLogins.includes(login));
