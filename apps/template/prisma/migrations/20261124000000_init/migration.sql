-- CreateEnum
CREATE TYPE "notice_status" AS ENUM ('suggested', 'published', 'withdrawn');

-- CreateTable
CREATE TABLE "notice" (
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "status" "notice_status" NOT NULL DEFAULT 'suggested',
    "author_id" UUID NOT NULL,
    "author_name" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "notice_status_written_at_idx" ON "notice"("status", "written_at");
