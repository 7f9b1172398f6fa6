import type { PrismaConfig } from 'prisma/config';

export default {
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: process.env.OWNER_DATABASE_URL ?? '' },
} satisfies PrismaConfig;
