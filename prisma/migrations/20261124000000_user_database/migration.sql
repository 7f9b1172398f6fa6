-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "app_sessions";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "audit";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "credentials";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "directory";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "protocol";

-- CreateEnum
CREATE TYPE "directory"."person_status" AS ENUM ('active', 'disabled');

-- CreateEnum
CREATE TYPE "directory"."app_access" AS ENUM ('rules', 'everyone');

-- CreateEnum
CREATE TYPE "protocol"."signing_key_status" AS ENUM ('published', 'active', 'retired');

-- CreateTable
CREATE TABLE "directory"."organisation" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."department" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "parent_id" UUID,
    "lineage" UUID[] DEFAULT ARRAY[]::UUID[],

    CONSTRAINT "department_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."designation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "code" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "department_id" UUID NOT NULL,
    "reports_to_id" UUID,

    CONSTRAINT "designation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."person" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "login" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "given_name" TEXT NOT NULL,
    "family_name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "phone" TEXT,
    "status" "directory"."person_status" NOT NULL DEFAULT 'active',
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."appointment" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "person_id" UUID NOT NULL,
    "designation_id" UUID NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE,

    CONSTRAINT "appointment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."app" (
    "client_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "access" "directory"."app_access" NOT NULL DEFAULT 'rules',
    "first_party" BOOLEAN NOT NULL DEFAULT true,
    "position" INTEGER NOT NULL DEFAULT 100,
    "accent" TEXT NOT NULL DEFAULT 'harbour',

    CONSTRAINT "app_pkey" PRIMARY KEY ("client_id")
);

-- CreateTable
CREATE TABLE "directory"."app_role" (
    "client_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,

    CONSTRAINT "app_role_pkey" PRIMARY KEY ("client_id","role")
);

-- CreateTable
CREATE TABLE "directory"."access_rule" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "client_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "designation_id" UUID,
    "department_id" UUID,

    CONSTRAINT "access_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."personal_grant" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "person_id" UUID NOT NULL,
    "client_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE,
    "granted_by" UUID,

    CONSTRAINT "personal_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."api_permission" (
    "audience" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,

    CONSTRAINT "api_permission_pkey" PRIMARY KEY ("audience","scope","client_id")
);

-- CreateTable
CREATE TABLE "credentials"."password" (
    "person_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "password_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "credentials"."throttle" (
    "key" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,
    "last_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "blocked_until" TIMESTAMPTZ(3),

    CONSTRAINT "throttle_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "credentials"."one_time_link" (
    "token_hash" BYTEA NOT NULL,
    "person_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "one_time_link_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "protocol"."state" (
    "model" TEXT NOT NULL,
    "id_hash" BYTEA NOT NULL,
    "uid" TEXT,
    "grant_id" TEXT,
    "session_uid" TEXT,
    "account_id" TEXT,
    "client_id" TEXT,
    "user_code" TEXT,
    "payload" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "consumed_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "state_pkey" PRIMARY KEY ("model","id_hash")
);

-- CreateTable
CREATE TABLE "protocol"."client_registration" (
    "client_id" TEXT NOT NULL,
    "metadata" JSONB NOT NULL,
    "secret" BYTEA,
    "previous_secret" BYTEA,
    "shares_database" BOOLEAN NOT NULL DEFAULT true,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "client_registration_pkey" PRIMARY KEY ("client_id")
);

-- CreateTable
CREATE TABLE "protocol"."signing_key" (
    "kid" TEXT NOT NULL,
    "alg" TEXT NOT NULL,
    "status" "protocol"."signing_key_status" NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "private_jwk" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("kid")
);

-- CreateTable
CREATE TABLE "protocol"."logout_delivery" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "session_uid" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "sid" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "pointless_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "locked_until" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "logout_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_sessions"."login" (
    "name" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,

    CONSTRAINT "login_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "app_sessions"."sign_in" (
    "session_uid" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "sid" TEXT NOT NULL,
    "grant_id" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,

    CONSTRAINT "sign_in_pkey" PRIMARY KEY ("session_uid","client_id")
);

-- CreateTable
CREATE TABLE "app_sessions"."session" (
    "id_hash" BYTEA NOT NULL,
    "login" TEXT NOT NULL DEFAULT SESSION_USER,
    "client_id" TEXT NOT NULL,
    "sid" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id_hash")
);

-- CreateTable
CREATE TABLE "app_sessions"."login_transaction" (
    "state_hash" BYTEA NOT NULL,
    "login" TEXT NOT NULL DEFAULT SESSION_USER,
    "payload" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_transaction_pkey" PRIMARY KEY ("state_hash")
);

-- CreateTable
CREATE TABLE "app_sessions"."logout_token_use" (
    "jti_hash" BYTEA NOT NULL,
    "login" TEXT NOT NULL DEFAULT SESSION_USER,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "logout_token_use_pkey" PRIMARY KEY ("login","jti_hash")
);

-- CreateTable
CREATE TABLE "audit"."event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "type" TEXT NOT NULL,
    "actor_person_id" UUID,
    "subject_person_id" UUID,
    "client_id" TEXT,
    "session_uid" TEXT,
    "address" TEXT,
    "request_id" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "recorded_by" TEXT NOT NULL DEFAULT SESSION_USER,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "department_code_key" ON "directory"."department"("code");

-- CreateIndex
CREATE INDEX "department_parent_id_idx" ON "directory"."department"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "designation_code_key" ON "directory"."designation"("code");

-- CreateIndex
CREATE INDEX "designation_department_id_idx" ON "directory"."designation"("department_id");

-- CreateIndex
CREATE INDEX "designation_reports_to_id_idx" ON "directory"."designation"("reports_to_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_login_key" ON "directory"."person"("login");

-- CreateIndex
CREATE UNIQUE INDEX "person_email_key" ON "directory"."person"("email");

-- CreateIndex
CREATE INDEX "person_family_name_given_name_idx" ON "directory"."person"("family_name", "given_name");

-- CreateIndex
CREATE INDEX "appointment_person_id_idx" ON "directory"."appointment"("person_id");

-- CreateIndex
CREATE INDEX "appointment_designation_id_idx" ON "directory"."appointment"("designation_id");

-- CreateIndex
CREATE INDEX "access_rule_client_id_role_idx" ON "directory"."access_rule"("client_id", "role");

-- CreateIndex
CREATE INDEX "access_rule_designation_id_idx" ON "directory"."access_rule"("designation_id");

-- CreateIndex
CREATE INDEX "access_rule_department_id_idx" ON "directory"."access_rule"("department_id");

-- CreateIndex
CREATE INDEX "personal_grant_person_id_idx" ON "directory"."personal_grant"("person_id");

-- CreateIndex
CREATE INDEX "personal_grant_client_id_role_idx" ON "directory"."personal_grant"("client_id", "role");

-- CreateIndex
CREATE INDEX "api_permission_client_id_idx" ON "directory"."api_permission"("client_id");

-- CreateIndex
CREATE INDEX "throttle_last_attempt_at_idx" ON "credentials"."throttle"("last_attempt_at");

-- CreateIndex
CREATE INDEX "one_time_link_person_id_idx" ON "credentials"."one_time_link"("person_id");

-- CreateIndex
CREATE INDEX "state_grant_id_idx" ON "protocol"."state"("grant_id");

-- CreateIndex
CREATE INDEX "state_session_uid_idx" ON "protocol"."state"("session_uid");

-- CreateIndex
CREATE INDEX "state_account_id_idx" ON "protocol"."state"("account_id");

-- CreateIndex
CREATE INDEX "state_expires_at_idx" ON "protocol"."state"("expires_at");

-- CreateIndex
CREATE INDEX "logout_delivery_next_attempt_at_idx" ON "protocol"."logout_delivery"("next_attempt_at");

-- CreateIndex
CREATE UNIQUE INDEX "logout_delivery_session_uid_client_id_key" ON "protocol"."logout_delivery"("session_uid", "client_id");

-- CreateIndex
CREATE UNIQUE INDEX "login_client_id_key" ON "app_sessions"."login"("client_id");

-- CreateIndex
CREATE INDEX "sign_in_person_id_idx" ON "app_sessions"."sign_in"("person_id");

-- CreateIndex
CREATE INDEX "sign_in_expires_at_idx" ON "app_sessions"."sign_in"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "sign_in_client_id_sid_key" ON "app_sessions"."sign_in"("client_id", "sid");

-- CreateIndex
CREATE INDEX "session_client_id_sid_idx" ON "app_sessions"."session"("client_id", "sid");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "app_sessions"."session"("expires_at");

-- CreateIndex
CREATE INDEX "login_transaction_expires_at_idx" ON "app_sessions"."login_transaction"("expires_at");

-- CreateIndex
CREATE INDEX "logout_token_use_expires_at_idx" ON "app_sessions"."logout_token_use"("expires_at");

-- CreateIndex
CREATE INDEX "event_at_idx" ON "audit"."event"("at");

-- CreateIndex
CREATE INDEX "event_subject_person_id_id_idx" ON "audit"."event"("subject_person_id", "id");

-- CreateIndex
CREATE INDEX "event_actor_person_id_id_idx" ON "audit"."event"("actor_person_id", "id");

-- AddForeignKey
ALTER TABLE "directory"."department" ADD CONSTRAINT "department_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "directory"."department"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."designation" ADD CONSTRAINT "designation_department_id_fkey" FOREIGN KEY ("department_id") REFERENCES "directory"."department"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."designation" ADD CONSTRAINT "designation_reports_to_id_fkey" FOREIGN KEY ("reports_to_id") REFERENCES "directory"."designation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."appointment" ADD CONSTRAINT "appointment_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."appointment" ADD CONSTRAINT "appointment_designation_id_fkey" FOREIGN KEY ("designation_id") REFERENCES "directory"."designation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."app_role" ADD CONSTRAINT "app_role_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "directory"."app"("client_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."access_rule" ADD CONSTRAINT "access_rule_client_id_role_fkey" FOREIGN KEY ("client_id", "role") REFERENCES "directory"."app_role"("client_id", "role") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."access_rule" ADD CONSTRAINT "access_rule_designation_id_fkey" FOREIGN KEY ("designation_id") REFERENCES "directory"."designation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."access_rule" ADD CONSTRAINT "access_rule_department_id_fkey" FOREIGN KEY ("department_id") REFERENCES "directory"."department"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."personal_grant" ADD CONSTRAINT "personal_grant_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."personal_grant" ADD CONSTRAINT "personal_grant_client_id_role_fkey" FOREIGN KEY ("client_id", "role") REFERENCES "directory"."app_role"("client_id", "role") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credentials"."password" ADD CONSTRAINT "password_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credentials"."one_time_link" ADD CONSTRAINT "one_time_link_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "directory"."person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

