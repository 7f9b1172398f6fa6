import { record } from '@gatehouse/audit';
import manifest from '../../manifest.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { ReceiptFile } from '../receipts/receipt-file.ts';
import { claimMovedOn } from './claim-errors.ts';
import type { ClaimForm } from './claim-form.ts';
import type { Move } from './move-claim.ts';

export interface ClaimToSave {
  form: ClaimForm;
  receipt: ReceiptFile | undefined;
  claimantId: string;
  requestId: string;
}

/** Writes a new claim as a draft, with its receipt if there is one, and returns its number. */
export async function createClaim(prisma: PrismaClient, { form, receipt, claimantId, requestId }: ClaimToSave) {
  return prisma.$transaction(async (tx) => {
    const { id } = await tx.claim.create({
      data: { ...columnsOf(form), claimantId, ...(receipt && { receipt: { create: rowOf(receipt) } }) },
    });
    await recordEdit(tx, 'claim_created', { id, claimantId, requestId });
    return id;
  });
}

/**
 * Writes an edited draft or refused claim, if it is still of the revision that was edited. Without a new receipt it
 * keeps the one it has.
 * @throws HttpError 409 `claim_moved_on`
 */
export async function updateClaim(
  prisma: PrismaClient,
  { id, revision }: { id: number; revision: number },
  { form, receipt, claimantId, requestId }: ClaimToSave,
) {
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.claim.updateMany({
      where: { id, revision, claimantId, state: { in: ['draft', 'refused'] } },
      data: { ...columnsOf(form), revision: { increment: 1 } },
    });
    if (count === 0) throw claimMovedOn();
    if (receipt) {
      const row = rowOf(receipt);
      await tx.receipt.upsert({ where: { claimId: id }, create: { ...row, claimId: id }, update: row });
    }
    await recordEdit(tx, 'claim_edited', { id, claimantId, requestId });
  });
}

/** @throws HttpError 409 `claim_moved_on` */
export async function deleteDraft(prisma: PrismaClient, { claim: { id, revision }, by, requestId }: Move) {
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.claim.deleteMany({ where: { id, revision, claimantId: by, state: 'draft' } });
    if (count === 0) throw claimMovedOn();
    await recordEdit(tx, 'claim_deleted', { id, claimantId: by, requestId });
  });
}

const columnsOf = ({ spentOn, ...form }: ClaimForm) => ({ ...form, spentOn: new Date(spentOn.toString()) });

const rowOf = ({ fileName, contentType, content }: ReceiptFile) => ({
  fileName,
  contentType,
  content,
  size: content.byteLength,
  uploadedAt: new Date(),
});

const recordEdit = (
  tx: Prisma.TransactionClient,
  event: string,
  { id, claimantId, requestId }: { id: number; claimantId: string; requestId: string },
) =>
  record(tx, {
    type: `app.finance.${event}`,
    clientId: manifest.clientId,
    actorPersonId: claimantId,
    requestId,
    detail: { claim: id },
  });
