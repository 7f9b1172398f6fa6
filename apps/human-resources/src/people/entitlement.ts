import { record } from '@gatehouse/audit';
import { z } from 'zod';
import manifest from '../../manifest.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';

const MOST_DAYS = 100;

export const entitlementForm = z.object({
  days: z
    .string()
    .trim()
    .regex(/^\d{1,3}$/, 'Enter whole days')
    .transform(Number)
    .refine((days) => days <= MOST_DAYS, `Not more than ${MOST_DAYS} days`),
});

export interface EntitlementChange {
  personId: string;
  /** The leave year that begins on 1 April of this year. */
  year: number;
  /** Working days of annual leave. */
  days: number;
  by: string;
  requestId: string;
}

/** Sets how much annual leave somebody has in a leave year, instead of the standard entitlement. */
export async function setEntitlement(prisma: PrismaClient, change: EntitlementChange): Promise<void> {
  const { personId, year, days, by, requestId } = change;
  await prisma.$transaction(async (tx) => {
    await tx.entitlement.upsert({
      where: { personId_year: { personId, year } },
      create: { personId, year, days },
      update: { days },
    });
    await record(tx, {
      type: 'app.human-resources.entitlement_set',
      clientId: manifest.clientId,
      actorPersonId: by,
      subjectPersonId: personId,
      requestId,
      detail: { year, days },
    });
  });
}
