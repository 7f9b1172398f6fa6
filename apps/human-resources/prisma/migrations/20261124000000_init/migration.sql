-- CreateEnum
CREATE TYPE "leave_kind" AS ENUM ('annual', 'sickness', 'special', 'unpaid');

-- CreateEnum
CREATE TYPE "leave_state" AS ENUM ('requested', 'approved', 'refused', 'withdrawn');

-- CreateTable
CREATE TABLE "leave_request" (
    "id" SERIAL NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" "leave_kind" NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "state" "leave_state" NOT NULL DEFAULT 'requested',
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_by_id" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "decision_note" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "leave_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entitlement" (
    "person_id" UUID NOT NULL,
    "year" SMALLINT NOT NULL,
    "days" SMALLINT NOT NULL,

    CONSTRAINT "entitlement_pkey" PRIMARY KEY ("person_id","year")
);

-- CreateIndex
CREATE INDEX "leave_request_person_id_starts_on_idx" ON "leave_request"("person_id", "starts_on");

-- CreateIndex
CREATE INDEX "leave_request_state_starts_on_idx" ON "leave_request"("state", "starts_on");

-- What Prisma's schema language cannot say.
ALTER TABLE "leave_request" ADD CONSTRAINT "leave_request_in_order" CHECK ("ends_on" >= "starts_on");
ALTER TABLE "leave_request" ADD CONSTRAINT "leave_request_not_decided_by_own_person" CHECK ("decided_by_id" <> "person_id");
ALTER TABLE "entitlement" ADD CONSTRAINT "entitlement_within_a_year" CHECK ("days" BETWEEN 0 AND 100);
ALTER SEQUENCE "leave_request_id_seq" RESTART WITH 1001;
