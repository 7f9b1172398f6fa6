-- CreateTable
CREATE TABLE "protocol"."session_origin" (
    "session_uid" TEXT NOT NULL,
    "device" TEXT,
    "address" TEXT,
    "signed_in_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_origin_pkey" PRIMARY KEY ("session_uid")
);

-- CreateIndex
CREATE INDEX "session_origin_signed_in_at_idx" ON "protocol"."session_origin"("signed_in_at");
