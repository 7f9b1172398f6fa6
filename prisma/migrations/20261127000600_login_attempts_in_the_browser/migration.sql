-- An attempt to sign in lives in the browser that began it, sealed; kept here is only that one was taken up, until it
-- would have run out. Worth nothing after a crash of the server, when the code behind it is used up or gone as well.
DROP FUNCTION app_sessions.take_login_transaction(bytea);
DROP TABLE "app_sessions"."login_transaction";

CREATE UNLOGGED TABLE "app_sessions"."login_taken" (
    "state_hash" BYTEA NOT NULL,
    "login" TEXT NOT NULL DEFAULT SESSION_USER,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_taken_pkey" PRIMARY KEY ("login", "state_hash")
);
CREATE INDEX "login_taken_expires_at_idx" ON "app_sessions"."login_taken"("expires_at");
ALTER TABLE app_sessions.login_taken ENABLE ROW LEVEL SECURITY;
