-- DropIndex
DROP INDEX "protocol"."logout_delivery_session_uid_client_id_key";

-- CreateTable
CREATE TABLE "protocol"."removed_client" (
    "client_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "metadata" JSONB NOT NULL,
    "removed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "removed_client_pkey" PRIMARY KEY ("client_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "logout_delivery_client_id_sid_key" ON "protocol"."logout_delivery"("client_id", "sid");

-- CreateIndex
CREATE INDEX "logout_delivery_person_id_idx" ON "protocol"."logout_delivery"("person_id");

-- CreateIndex
CREATE INDEX "logout_delivery_created_at_idx" ON "protocol"."logout_delivery"("created_at");

-- Whoever ends a sign-in, for whatever reason: an app that does not read this database has to be told, and that is
-- queued in the same transaction. Once the session is over by itself, telling is pointless; of one that has just run
-- out, the app is told within the hour.
CREATE FUNCTION app_sessions.queue_logout() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = '' AS $$
BEGIN
  INSERT INTO protocol.logout_delivery (session_uid, client_id, sid, person_id, pointless_at)
  SELECT NEW.session_uid, NEW.client_id, NEW.sid, NEW.person_id,
         CASE WHEN NEW.expires_at > now() THEN NEW.expires_at ELSE now() + interval '1 hour' END
  FROM protocol.client_registration r
  WHERE r.client_id = NEW.client_id AND NOT r.shares_database AND r.metadata ? 'backchannel_logout_uri'
  ON CONFLICT (client_id, sid) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_logout AFTER UPDATE OF ended_at ON app_sessions.sign_in FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
  EXECUTE FUNCTION app_sessions.queue_logout();

-- While a removed client is being told of logouts, the provider may call it where it lives.
CREATE TRIGGER announce_client_change AFTER DELETE ON protocol.removed_client
  FOR EACH ROW EXECUTE FUNCTION protocol.announce_client_change();

-- A registered client without its secrets: the console reads this.
CREATE VIEW protocol.registered_client AS
SELECT client_id, metadata, shares_database, updated_at, secret IS NOT NULL AS has_secret,
       previous_secret IS NOT NULL AND coalesce(previous_secret_expires_at > now(), true) AS has_previous_secret,
       previous_secret_expires_at
FROM protocol.client_registration;
