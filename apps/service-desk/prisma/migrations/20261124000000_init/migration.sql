-- CreateEnum
CREATE TYPE "ticket_state" AS ENUM ('open', 'in_progress', 'resolved');

-- CreateEnum
CREATE TYPE "priority" AS ENUM ('low', 'normal', 'high', 'urgent');

-- CreateEnum
CREATE TYPE "asset_kind" AS ENUM ('laptop', 'desktop', 'monitor', 'phone', 'printer', 'other');

-- CreateTable
CREATE TABLE "ticket" (
    "id" SERIAL NOT NULL,
    "requester_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "priority" "priority" NOT NULL DEFAULT 'normal',
    "state" "ticket_state" NOT NULL DEFAULT 'open',
    "agent_id" UUID,
    "asset_id" INTEGER,
    "raised_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "touched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ticket_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comment" (
    "id" SERIAL NOT NULL,
    "ticket_id" INTEGER NOT NULL,
    "author_id" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "internal" BOOLEAN NOT NULL DEFAULT false,
    "written_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "asset" (
    "id" SERIAL NOT NULL,
    "tag" TEXT NOT NULL,
    "kind" "asset_kind" NOT NULL,
    "model" TEXT NOT NULL,
    "serial_number" TEXT NOT NULL DEFAULT '',
    "holder_id" UUID,
    "held_since" TIMESTAMPTZ(3),
    "registered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "asset_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ticket_requester_id_id_idx" ON "ticket"("requester_id", "id");

-- CreateIndex
CREATE INDEX "ticket_state_priority_id_idx" ON "ticket"("state", "priority" DESC, "id");

-- CreateIndex
CREATE INDEX "ticket_agent_id_state_idx" ON "ticket"("agent_id", "state");

-- CreateIndex
CREATE INDEX "comment_ticket_id_id_idx" ON "comment"("ticket_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "asset_tag_key" ON "asset"("tag");

-- CreateIndex
CREATE INDEX "asset_holder_id_idx" ON "asset"("holder_id");

-- AddForeignKey
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_asset_id_fkey" FOREIGN KEY ("asset_id") REFERENCES "asset"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_ticket_id_fkey" FOREIGN KEY ("ticket_id") REFERENCES "ticket"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_in_progress_with_somebody" CHECK ("state" <> 'in_progress' OR "agent_id" IS NOT NULL);
ALTER TABLE "ticket" ADD CONSTRAINT "ticket_resolved_at_a_time" CHECK (("state" = 'resolved') = ("resolved_at" IS NOT NULL));
ALTER SEQUENCE "ticket_id_seq" RESTART WITH 1001;
