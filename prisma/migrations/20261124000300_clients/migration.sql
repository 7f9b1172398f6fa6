-- AlterTable
ALTER TABLE "protocol"."client_registration" ADD COLUMN     "previous_secret_expires_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "protocol"."consent" (
    "person_id" UUID NOT NULL,
    "client_id" TEXT NOT NULL,
    "scopes" TEXT[],
    "api_scopes" JSONB NOT NULL DEFAULT '{}',
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("person_id","client_id")
);

-- CreateIndex
CREATE INDEX "consent_client_id_idx" ON "protocol"."consent"("client_id");

-- CreateIndex
CREATE INDEX "consent_expires_at_idx" ON "protocol"."consent"("expires_at");

-- AlterTable
ALTER TABLE "directory"."person" ADD COLUMN     "address" JSONB;
