import { record } from '@gatehouse/audit';
import { type FieldErrors, HttpError } from '@gatehouse/web';
import manifest from '../../manifest.ts';
import { Prisma, type PrismaClient } from '../../prisma/generated/client.ts';
import type { AssetForm } from './asset.ts';

const UNIQUE_VIOLATION = 'P2002';

export interface By {
  /** Id of the agent. */
  by: string;
  requestId: string;
}

export type RegisterOutcome = { ok: true; id: number } | { ok: false; errors: FieldErrors };

/** Registers an asset in the store, unless its tag is taken. */
export async function registerAsset(
  prisma: PrismaClient,
  form: AssetForm,
  { by, requestId }: By,
): Promise<RegisterOutcome> {
  try {
    return await prisma.$transaction(async (tx) => {
      const { id } = await tx.asset.create({ data: form });
      await record(tx, {
        type: 'app.service-desk.asset_registered',
        clientId: manifest.clientId,
        actorPersonId: by,
        requestId,
        detail: { asset: id, tag: form.tag },
      });
      return { ok: true, id };
    });
  } catch (error) {
    const isTaken = error instanceof Prisma.PrismaClientKnownRequestError && error.code === UNIQUE_VIOLATION;
    if (!isTaken) throw error;
    return { ok: false, errors: { tag: `${form.tag} is registered already` } };
  }
}

export interface Assignment extends By {
  assetId: number;
  /** Who had it on the page that the agent saw, and who has it from now on; null is the store. */
  from: string | null;
  to: string | null;
}

/**
 * Hands an asset over. Of two agents who do so at once, the first wins.
 * @throws HttpError 409 `asset_moved_on`
 */
export async function assignAsset(prisma: PrismaClient, assignment: Assignment): Promise<void> {
  const { assetId, from, to, by, requestId } = assignment;
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.asset.updateMany({
      where: { id: assetId, holderId: from },
      data: { holderId: to, heldSince: to && new Date() },
    });
    if (count === 0) throw assetMovedOn();
    await record(tx, {
      type: 'app.service-desk.asset_assigned',
      clientId: manifest.clientId,
      actorPersonId: by,
      subjectPersonId: to ?? from ?? undefined,
      requestId,
      detail: { asset: assetId, from, to },
    });
  });
}

const assetMovedOn = () =>
  new HttpError(
    409,
    'asset_moved_on',
    'Somebody handed this over just before you, so nothing was changed. You see who has it now.',
  );
