-- The newest migration that the release knows which registered the app: what an older one declares changes nothing.
ALTER TABLE "directory"."app" ADD COLUMN "release" TEXT NOT NULL DEFAULT '';
