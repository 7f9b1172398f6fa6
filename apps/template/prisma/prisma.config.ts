import type { PrismaConfig } from 'prisma/config';
import manifest from '../manifest.ts';

/** The app's tables and their history stand in a schema of their own. */
const url = new URL(process.env.OWNER_DATABASE_URL ?? 'postgresql://localhost');
url.searchParams.set('schema', manifest.schema!);

export default {
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: url.href },
} satisfies PrismaConfig;
