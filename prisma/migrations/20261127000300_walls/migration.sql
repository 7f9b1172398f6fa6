-- The moment of an event is when it was written, however long the transaction around it was held open.
ALTER TABLE audit.event ALTER COLUMN at SET DEFAULT clock_timestamp();

-- What one instance does at a time, or one transaction. Rows and not advisory locks, which every login of the server
-- may take by their number.
CREATE TABLE "protocol"."turn" (
    "name" TEXT NOT NULL,
    "held_until" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity',

    CONSTRAINT "turn_pkey" PRIMARY KEY ("name")
);
INSERT INTO protocol.turn (name) VALUES ('administrators'), ('cleaner'), ('signing keys');

-- What an app removes. It has no right to delete from shared tables, because that right is one to lock them.
CREATE FUNCTION app_sessions.remove_session(removed bytea) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ DELETE FROM app_sessions.session WHERE id_hash = removed AND login = SESSION_USER $$;

CREATE FUNCTION app_sessions.take_login_transaction(taken bytea) RETURNS TABLE (payload bytea, live boolean)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DELETE FROM app_sessions.login_transaction t WHERE t.state_hash = taken AND t.login = SESSION_USER
    RETURNING t.payload, t.expires_at > now()
  $$;

-- What has ended stays ended, also where the library or the console writes.
CREATE TRIGGER keep_ended BEFORE UPDATE ON protocol.state FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
  EXECUTE FUNCTION app_sessions.keep_ended();
