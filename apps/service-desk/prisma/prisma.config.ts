import type { PrismaConfig } from 'prisma/config';

/** The app's tables and their history stand in a schema of their own. */
const url = new URL(process.env.OWNER_DATABASE_URL ?? 'postgresql://localhost');
url.searchParams.set('schema', 'service_desk');

export default {
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: url.href },
} satisfies PrismaConfig;
