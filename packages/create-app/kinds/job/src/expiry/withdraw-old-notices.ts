import type { PrismaClient } from '../../prisma/generated/client.ts';

const DAYS = 90;

/**
 * Withdraws notices that were published long ago. One statement, so that it does no harm when several instances of the
 * app run it at once.
 * @returns how many
 */
export async function withdrawOldNotices(prisma: PrismaClient, now = new Date()): Promise<number> {
  const oldest = new Date(now.getTime() - DAYS * 24 * 60 * 60 * 1000);
  const { count } = await prisma.notice.updateMany({
    where: { status: 'published', writtenAt: { lt: oldest } },
    data: { status: 'withdrawn' },
  });
  return count;
}
