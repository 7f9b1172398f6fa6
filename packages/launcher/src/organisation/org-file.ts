import { writeFileSync } from 'node:fs';
import { demoPeople, type SeededPerson } from '@gatehouse/prisma/seed';
import type { Addresses } from './addresses.ts';

/** What runs and who can sign in, as `.local/org.json` says it to people, scripts and tests. */
export type Org = {
  issuer: string;
  apps: { client_id: string; title: string; url: string }[];
  people: SeededPerson[];
  /** The owner's: it may do everything. */
  database_url: string;
};

/** Writes the file, readable by its owner only: it holds the database owner's password. */
export function writeOrgFile(file: string, addresses: Addresses, ownerUrl: string): Org {
  const org: Org = {
    issuer: addresses.issuer.url,
    apps: addresses.apps.map(({ manifest, url }) => ({ client_id: manifest.clientId, title: manifest.title, url })),
    people: demoPeople(),
    database_url: ownerUrl,
  };
  writeFileSync(file, `${JSON.stringify(org, null, 2)}\n`, { mode: 0o600 });
  return org;
}
