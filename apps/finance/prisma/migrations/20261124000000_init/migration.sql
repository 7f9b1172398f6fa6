-- CreateEnum
CREATE TYPE "claim_category" AS ENUM ('travel', 'accommodation', 'meals', 'equipment', 'training', 'other');

-- CreateEnum
CREATE TYPE "claim_state" AS ENUM ('draft', 'submitted', 'approved', 'refused', 'paid');

-- CreateTable
CREATE TABLE "claim" (
    "id" SERIAL NOT NULL,
    "claimant_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "spent_on" DATE NOT NULL,
    "amount" INTEGER NOT NULL,
    "category" "claim_category" NOT NULL,
    "cost_centre" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "state" "claim_state" NOT NULL DEFAULT 'draft',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "submitted_at" TIMESTAMPTZ(3),
    "approver_id" UUID,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "decision_note" TEXT NOT NULL DEFAULT '',
    "paid_by_id" UUID,
    "paid_at" TIMESTAMPTZ(3),

    CONSTRAINT "claim_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "receipt" (
    "claim_id" INTEGER NOT NULL,
    "file_name" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "receipt_pkey" PRIMARY KEY ("claim_id")
);

-- CreateIndex
CREATE INDEX "claim_claimant_id_id_idx" ON "claim"("claimant_id", "id");

-- CreateIndex
CREATE INDEX "claim_state_id_idx" ON "claim"("state", "id");

-- CreateIndex
CREATE INDEX "claim_approver_id_state_idx" ON "claim"("approver_id", "state");

-- AddForeignKey
ALTER TABLE "receipt" ADD CONSTRAINT "receipt_claim_id_fkey" FOREIGN KEY ("claim_id") REFERENCES "claim"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.
ALTER TABLE "claim" ADD CONSTRAINT "claim_of_something" CHECK ("amount" > 0);
ALTER TABLE "claim" ADD CONSTRAINT "claim_not_decided_by_claimant" CHECK ("decided_by_id" <> "claimant_id");
ALTER TABLE "claim" ADD CONSTRAINT "claim_not_paid_by_claimant" CHECK ("paid_by_id" <> "claimant_id");
ALTER SEQUENCE "claim_id_seq" RESTART WITH 1001;
