import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectPrisma, type PrismaClient } from '@gatehouse/prisma/client';
import { seedHarbourCouncil } from '@gatehouse/prisma/seed';
import type { AddressedApp } from './addresses.ts';

/**
 * What `prisma/seed.ts` of an app exports as `seed`. It fills the app's own tables, unless there is something in them.
 */
type AppSeed = (options: { databaseUrl: string; personId(login: string): Promise<string> }) => Promise<void>;

/**
 * Puts Harbour Council into a database without an organisation, and lets each app that has a seed fill its tables
 * around those people, once. An organisation of one's own is left alone.
 * @param doneFile names the apps that had their turn, so that a start need not ask them all again
 * @returns whether there was anything to seed
 */
export async function seedOnce(
  ownerUrl: string,
  apps: Pick<AddressedApp, 'directory'>[],
  doneFile: string,
): Promise<boolean> {
  const database = connectPrisma(ownerUrl, { applicationName: 'launcher' });
  try {
    const { prisma } = database;
    const isNew = await seedHarbourCouncil(prisma);
    if (!isNew && !(await isHarbourCouncil(prisma))) return false;
    const done = isNew ? [] : readDone(doneFile);
    const todo = apps.filter(({ directory }) => !done.includes(basename(directory)) && existsSync(seedFile(directory)));
    for (const { directory } of todo) {
      await seedApp(directory, ownerUrl, prisma);
      done.push(basename(directory));
      writeFileSync(doneFile, JSON.stringify(done));
    }
    return isNew || todo.length > 0;
  } finally {
    await database.close();
  }
}

async function isHarbourCouncil(prisma: PrismaClient): Promise<boolean> {
  return (await prisma.person.findFirst({ where: { demo: true } })) !== null;
}

async function seedApp(directory: string, databaseUrl: string, prisma: PrismaClient): Promise<void> {
  const { seed }: { seed: AppSeed } = await import(pathToFileURL(seedFile(directory)).href);
  await seed({
    databaseUrl,
    personId: async (login) => (await prisma.person.findUniqueOrThrow({ where: { login } })).id,
  });
}

function seedFile(directory: string): string {
  return join(directory, 'prisma', 'seed.ts');
}

/** Lets an app that comes back under this name have its turn again. */
export function forgetSeed(doneFile: string, name: string): void {
  const done = readDone(doneFile);
  if (done.includes(name)) writeFileSync(doneFile, JSON.stringify(done.filter((each) => each !== name)));
}

function readDone(file: string): string[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
}
