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

-- CreateTable
CREATE TABLE "credentials"."totp" (
    "person_id" UUID NOT NULL,
    "secret" BYTEA NOT NULL,
    "last_step" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "totp_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "credentials"."recovery_code" (
    "code_hash" BYTEA NOT NULL,
    "person_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("code_hash")
);

-- CreateTable
CREATE TABLE "credentials"."pending_sign_in" (
    "interaction_uid" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "amr" TEXT[],
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pending_sign_in_pkey" PRIMARY KEY ("interaction_uid")
);

-- CreateIndex
CREATE INDEX "recovery_code_person_id_idx" ON "credentials"."recovery_code"("person_id");

-- CreateIndex
CREATE INDEX "pending_sign_in_expires_at_idx" ON "credentials"."pending_sign_in"("expires_at");

-- AddForeignKey
ALTER TABLE "credentials"."totp" ADD CONSTRAINT "totp_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credentials"."recovery_code" ADD CONSTRAINT "recovery_code_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credentials"."pending_sign_in" ADD CONSTRAINT "pending_sign_in_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "credentials"."passkey" (
    "credential_id" BYTEA NOT NULL,
    "person_id" UUID NOT NULL,
    "public_key" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[],
    "name" TEXT NOT NULL,
    "synced" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "passkey_pkey" PRIMARY KEY ("credential_id")
);

-- CreateIndex
CREATE INDEX "passkey_person_id_idx" ON "credentials"."passkey"("person_id");

-- AddForeignKey
ALTER TABLE "credentials"."passkey" ADD CONSTRAINT "passkey_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
