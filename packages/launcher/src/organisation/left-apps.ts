import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deprovision } from '@gatehouse/provisioning';
import { z } from 'zod';
import { forgetSeed } from './seed.ts';

const leftApp = z.object({
  clientId: z.string(),
  /** Its Postgres schema, if its data is to go too. */
  dropSchema: z.string().optional(),
});

/** An app that has left the checkout, while the database still knows it. */
export type LeftApp = z.infer<typeof leftApp>;

const fileIn = (local: string) => join(local, 'left-apps.json');

/** Notes the app for whoever has the database next: the launcher that runs, or the next one to start. */
export function noteLeftApp(local: string, app: LeftApp): void {
  const others = read(local).filter(({ clientId }) => clientId !== app.clientId);
  writeFileSync(fileIn(local), JSON.stringify([...others, app]));
}

/** Takes the apps that have left out of the database. */
export async function removeLeftApps(ownerUrl: string, local: string): Promise<void> {
  for (const app of read(local)) {
    await deprovision({ ownerUrl, ...app });
    forgetSeed(join(local, 'seeded.json'), app.clientId);
  }
  rmSync(fileIn(local), { force: true });
}

function read(local: string): LeftApp[] {
  try {
    return z.array(leftApp).parse(JSON.parse(readFileSync(fileIn(local), 'utf8')));
  } catch {
    return [];
  }
}
