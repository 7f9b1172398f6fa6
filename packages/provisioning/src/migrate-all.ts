import { join } from 'node:path';
import { migrate } from '@gatehouse/prisma/migrate';
import type { LocatedApp } from './manifests.ts';

/** Brings the user database, then every app's own tables, to the migrations of this checkout. */
export async function migrateAll(ownerUrl: string, root: string, apps: readonly LocatedApp[]): Promise<void> {
  await migrate({ ownerUrl, directory: join(root, 'prisma') });
  for (const { manifest, directory } of apps) {
    if (manifest.schema) await migrate({ ownerUrl, directory: join(directory, 'prisma'), schema: manifest.schema });
  }
}
