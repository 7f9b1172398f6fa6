import { join } from 'node:path';
import { connectPrisma } from '@gatehouse/prisma/client';
import { migrate } from '@gatehouse/prisma/migrate';
import { seedHarbourCouncil } from '@gatehouse/prisma/seed';
import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { argon2Parameters, benchPassword } from '../hash-cost.ts';

const name = 'gatehouse_bench';

/** Whom every app that the bench visits is open to. */
const signsIn = 'finance-assistant';

/**
 * A new database with Harbour Council in it, its people no longer demo people, because production refuses to start
 * with those.
 * @returns the owner's URL of it, and the logins of people who may open every app that the bench visits
 */
export async function prepareDatabase(
  serverUrl: string,
  root: string,
): Promise<{ ownerUrl: string; people: string[] }> {
  const server = new pg.Client({ connectionString: serverUrl });
  await server.connect();
  await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await server.query(`CREATE DATABASE ${name}`);
  await server.end();

  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate({ ownerUrl: url.href, directory: join(root, 'prisma') });
  const database = connectPrisma(url.href, { applicationName: 'bench' });
  try {
    await seedHarbourCouncil(database.prisma);
    await database.prisma.person.updateMany({ data: { demo: false } });
    await database.prisma.password.updateMany({ data: { hash: await hash(benchPassword, argon2Parameters) } });
    const people = await database.prisma.person.findMany({
      where: { status: 'active', appointments: { some: { designation: { code: signsIn } } } },
      select: { login: true },
    });
    return { ownerUrl: url.href, people: people.map(({ login }) => login) };
  } finally {
    await database.close();
  }
}
