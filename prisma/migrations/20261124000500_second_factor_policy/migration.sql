-- AlterTable
ALTER TABLE "directory"."app" ADD COLUMN     "second_factor" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "second_factor_decided" BOOLEAN;

-- AlterTable
ALTER TABLE "directory"."app_role" ADD COLUMN     "second_factor" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "second_factor_decided" BOOLEAN;

-- AlterTable
ALTER TABLE "app_sessions"."sign_in" ADD COLUMN     "second_factor" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "credentials"."remembered_device" (
    "token_hash" BYTEA NOT NULL,
    "person_id" UUID NOT NULL,
    "device" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "remembered_device_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "credentials"."email_change" (
    "person_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "email_change_pkey" PRIMARY KEY ("person_id")
);

-- CreateIndex
CREATE INDEX "remembered_device_person_id_idx" ON "credentials"."remembered_device"("person_id");

-- CreateIndex
CREATE INDEX "remembered_device_expires_at_idx" ON "credentials"."remembered_device"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "email_change_token_hash_key" ON "credentials"."email_change"("token_hash");

-- AddForeignKey
ALTER TABLE "credentials"."remembered_device" ADD CONSTRAINT "remembered_device_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credentials"."email_change" ADD CONSTRAINT "email_change_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The one definition of who needs a second factor where: everybody in an app that asks it of all, and whoever has a role
-- that asks it. What an administrator has decided goes before what the manifest says. A function, because it is asked at
-- each request and mostly there is no rule, which two look-ups tell.
CREATE FUNCTION directory.needs_second_factor(person_id uuid, client_id text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
  IF EXISTS (SELECT FROM directory.app a WHERE a.client_id = needs_second_factor.client_id
             AND coalesce(a.second_factor_decided, a.second_factor)) THEN RETURN true; END IF;
  IF NOT EXISTS (SELECT FROM directory.app_role r WHERE r.client_id = needs_second_factor.client_id
                 AND coalesce(r.second_factor_decided, r.second_factor)) THEN RETURN false; END IF;
  RETURN EXISTS (
    SELECT FROM directory.app_role r JOIN directory.effective_role e USING (client_id, role)
    WHERE r.client_id = needs_second_factor.client_id AND e.person_id = needs_second_factor.person_id
      AND coalesce(r.second_factor_decided, r.second_factor));
END $$;
