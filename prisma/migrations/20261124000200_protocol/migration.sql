-- What the OpenID Provider needs beyond its tables.

-- One row per provider session, whatever id its cookie has at the moment.
CREATE UNIQUE INDEX state_session_once ON protocol.state (uid) WHERE model = 'Session';

-- Every instance keeps the registered clients in memory; a change tells them all to read again.
CREATE FUNCTION protocol.announce_client_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('client_changed', '');
  RETURN NULL;
END $$;
CREATE TRIGGER announce_client_change AFTER INSERT OR UPDATE OR DELETE ON protocol.client_registration
  FOR EACH STATEMENT EXECUTE FUNCTION protocol.announce_client_change();
CREATE TRIGGER announce_client_change AFTER INSERT OR UPDATE OR DELETE ON directory.app
  FOR EACH STATEMENT EXECUTE FUNCTION protocol.announce_client_change();
CREATE TRIGGER announce_client_change AFTER INSERT OR UPDATE OR DELETE ON directory.api_permission
  FOR EACH STATEMENT EXECUTE FUNCTION protocol.announce_client_change();

-- Wakes the worker that tells apps elsewhere of a logout, whichever process ended the session.
CREATE FUNCTION protocol.announce_logout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('logout_due', '');
  RETURN NULL;
END $$;
CREATE TRIGGER announce_logout AFTER INSERT ON protocol.logout_delivery
  FOR EACH ROW EXECUTE FUNCTION protocol.announce_logout();
