import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../../manifest.ts';
import { PrismaClient } from '../../prisma/generated/client.ts';
import { withdrawOldNotices } from './withdraw-old-notices.ts';

let db: TestDatabase;
let prisma: PrismaClient;
beforeAll(async () => {
  db = await createTestDatabase();
  const connectionString = db.urlFor(manifest.clientId);
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString }, { schema: manifest.schema! }) });
});
afterAll(async () => {
  await prisma?.$disconnect();
  await db?.close();
});

it('withdraws what was published 90 days ago, once, and leaves the rest', async () => {
  const authorId = await db.personId('dev.patel');
  const write = (title: string, status: 'published' | 'suggested', writtenAt: string) =>
    prisma.notice.create({ data: { title, text: title, authorId, authorName: 'Dev Patel', status, writtenAt } });
  await write('old', 'published', '2026-01-01T00:00:00Z');
  await write('new', 'published', '2026-03-01T00:00:00Z');
  await write('forgotten', 'suggested', '2026-01-01T00:00:00Z');

  const now = new Date('2026-04-02T00:00:00Z');
  expect(await withdrawOldNotices(prisma, now)).toBe(1);
  expect(await withdrawOldNotices(prisma, now)).toBe(0);
  const { title } = await prisma.notice.findFirstOrThrow({ where: { status: 'withdrawn' } });
  expect(title).toBe('old');
});
