import { record } from '@gatehouse/audit';
import manifest from '../../manifest.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import { type Claim, receiptNeededFrom } from './claim.ts';
import { claimMovedOn } from './claim-errors.ts';

export interface Move {
  /** As its page showed it; what was changed since is not moved. */
  claim: Pick<Claim, 'id' | 'claimantId' | 'revision'>;
  /** Id of the person who does it. */
  by: string;
  requestId: string;
}

/**
 * From draft, or from refused to be looked at again, with the receipt that it needs. `approverId` null means any
 * approver.
 */
export const submitClaim = (prisma: PrismaClient, move: Move, approverId: string | null): Promise<void> =>
  moveClaim(prisma, move, {
    where: {
      state: { in: ['draft', 'refused'] },
      claimantId: move.by,
      OR: [{ amount: { lt: receiptNeededFrom } }, { receipt: { isNot: null } }],
    },
    data: {
      state: 'submitted',
      submittedAt: new Date(),
      approverId,
      decidedById: null,
      decidedAt: null,
      decisionNote: '',
    },
  });

export interface Decision extends Move {
  state: 'approved' | 'refused';
  note: string;
}

/** Of two people who decide at once, the first wins. */
export const decideClaim = (prisma: PrismaClient, { state, note, ...move }: Decision): Promise<void> =>
  moveClaim(prisma, move, {
    where: { state: 'submitted', claimantId: { not: move.by } },
    data: { state, decidedById: move.by, decidedAt: new Date(), decisionNote: note },
  });

export const payClaim = (prisma: PrismaClient, move: Move): Promise<void> =>
  moveClaim(prisma, move, {
    where: { state: 'approved', claimantId: { not: move.by } },
    data: { state: 'paid', paidById: move.by, paidAt: new Date() },
  });

/**
 * One conditional UPDATE with its audit event: it changes the claim that still stands as it was shown, revision and
 * all, or nothing.
 * @throws HttpError 409 `claim_moved_on`
 */
async function moveClaim(
  prisma: PrismaClient,
  { claim, by, requestId }: Move,
  {
    where,
    data,
  }: { where: Prisma.ClaimWhereInput; data: Prisma.ClaimUpdateManyMutationInput & { state: Claim['state'] } },
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.claim.updateMany({
      where: { ...where, id: claim.id, revision: claim.revision },
      data,
    });
    if (count === 0) throw claimMovedOn();
    await record(tx, {
      type: `app.finance.claim_${data.state}`,
      clientId: manifest.clientId,
      actorPersonId: by,
      subjectPersonId: claim.claimantId,
      requestId,
      detail: { claim: claim.id },
    });
  });
}
