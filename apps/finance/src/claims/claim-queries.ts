import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { Claim } from './claim.ts';

/** A claim with what is known of its receipt, without the file itself. */
export type ClaimWithReceipt = Claim & { receipt: { fileName: string; size: number } | null };

const withReceipt = { receipt: { select: { fileName: true, size: true } } } as const;

export const findClaim = (prisma: PrismaClient, id: number): Promise<ClaimWithReceipt | null> =>
  prisma.claim.findUnique({ where: { id }, include: withReceipt });

/** The latest first. */
export const listClaims = (
  prisma: PrismaClient,
  where: Prisma.ClaimWhereInput,
  { take = 100, skip = 0 } = {},
): Promise<ClaimWithReceipt[]> =>
  prisma.claim.findMany({ where, include: withReceipt, orderBy: { id: 'desc' }, take, skip });
