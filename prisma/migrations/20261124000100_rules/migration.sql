-- What Prisma's schema language cannot say: checks, the tree's lineage, effective rights as one definition,
-- and row-level security (its policies name roles, so the provisioning step makes them).

-- ─── directory ──────────────────────────────────────────────────────────────

ALTER TABLE directory.organisation ADD CONSTRAINT organisation_is_one CHECK (id = 1);
ALTER TABLE directory.person ADD CONSTRAINT person_login_folded CHECK (login = lower(normalize(login, NFC)));
ALTER TABLE directory.person ADD CONSTRAINT person_email_folded CHECK (email = lower(email));
ALTER TABLE directory.appointment ADD CONSTRAINT appointment_in_order CHECK (ends_on >= starts_on);
ALTER TABLE directory.personal_grant ADD CONSTRAINT personal_grant_in_order CHECK (ends_on >= starts_on);
ALTER TABLE directory.access_rule ADD CONSTRAINT access_rule_names_one CHECK (num_nonnulls(designation_id, department_id) = 1);
CREATE UNIQUE INDEX access_rule_once ON directory.access_rule (client_id, role, coalesce(designation_id, department_id));

-- A department's lineage holds the ids from the root down to itself, so that "this department and all below it"
-- is one array test instead of a recursion per request.
CREATE FUNCTION directory.keep_lineage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.lineage := coalesce((SELECT lineage FROM directory.department WHERE id = NEW.parent_id), '{}') || NEW.id;
  IF NEW.id = ANY (NEW.lineage[:cardinality(NEW.lineage) - 1]) THEN
    RAISE EXCEPTION 'department % cannot stand below itself', NEW.code USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_lineage BEFORE INSERT OR UPDATE OF parent_id, lineage ON directory.department
  FOR EACH ROW EXECUTE FUNCTION directory.keep_lineage();

CREATE FUNCTION directory.pass_lineage_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE directory.department SET parent_id = parent_id WHERE parent_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER pass_lineage_on AFTER UPDATE OF parent_id ON directory.department
  FOR EACH ROW WHEN (OLD.lineage IS DISTINCT FROM NEW.lineage) EXECUTE FUNCTION directory.pass_lineage_on();

-- A `sub` is never used again: a person can be disabled, not deleted, and their id cannot change.
CREATE FUNCTION directory.keep_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a person is disabled, not deleted, and keeps their id' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_person BEFORE UPDATE OF id OR DELETE ON directory.person
  FOR EACH ROW EXECUTE FUNCTION directory.keep_person();

-- The day it is where the organisation is: appointments begin and end at its midnight.
CREATE FUNCTION directory.today() RETURNS date LANGUAGE sql STABLE AS
$$ SELECT (now() AT TIME ZONE time_zone)::date FROM directory.organisation $$;

-- Who holds which designation today. What is worked out at each request, here and below, asks for the day once.
CREATE VIEW directory.held_designation AS
SELECT a.person_id, a.id AS appointment_id, a.starts_on, a.ends_on,
       d.id AS designation_id, d.code, d.title,
       dep.id AS department_id, dep.name AS department_name, dep.lineage
FROM directory.appointment a
JOIN directory.designation d ON d.id = a.designation_id
JOIN directory.department dep ON dep.id = d.department_id
WHERE daterange(a.starts_on, a.ends_on, '[]')
      @> (SELECT (now() AT TIME ZONE time_zone)::date FROM directory.organisation);

-- Why an active person has a role at this moment. One row per reason.
CREATE VIEW directory.role_reason AS
SELECT p.id AS person_id, r.client_id, r.role, r.designation_id, r.department_id, r.personal_grant_id
FROM directory.person p
CROSS JOIN LATERAL (
  SELECT ar.client_id, ar.role, ar.designation_id, ar.department_id, NULL::uuid AS personal_grant_id
  FROM directory.held_designation h
  JOIN directory.access_rule ar ON ar.designation_id = h.designation_id OR ar.department_id = ANY (h.lineage)
  WHERE h.person_id = p.id
  UNION ALL
  SELECT g.client_id, g.role, NULL, NULL, g.id
  FROM directory.personal_grant g
  WHERE g.person_id = p.id
    AND daterange(g.starts_on, g.ends_on, '[]')
        @> (SELECT (now() AT TIME ZONE time_zone)::date FROM directory.organisation)
) r
WHERE p.status = 'active';

-- The one definition of effective rights.
CREATE VIEW directory.effective_role AS
SELECT DISTINCT person_id, client_id, role FROM directory.role_reason;

-- Closed by default: an app opens to those with a role in it, or to every active person where it says so.
CREATE VIEW directory.openable_app AS
SELECT DISTINCT person_id, client_id FROM directory.role_reason
UNION
SELECT p.id, a.client_id FROM directory.person p CROSS JOIN directory.app a
WHERE p.status = 'active' AND a.access = 'everyone';

-- ─── app sessions ───────────────────────────────────────────────────────────

ALTER TABLE app_sessions.sign_in ADD CONSTRAINT sign_in_person FOREIGN KEY (person_id) REFERENCES directory.person (id);

-- Lives ten minutes and is worth nothing after a crash of the server: whoever was about to sign in begins again.
-- Without a log of its own it costs a hop two waits for the disk less.
ALTER TABLE app_sessions.login_transaction SET UNLOGGED;

-- What has ended stays ended, whoever writes. A new sign-in to the same client in the same session has a new sid.
CREATE FUNCTION app_sessions.keep_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an ended sign-in stays ended' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_ended BEFORE UPDATE ON app_sessions.sign_in FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at AND NEW.sid = OLD.sid)
  EXECUTE FUNCTION app_sessions.keep_ended();

-- The client that the connected login belongs to; NULL for a login that is no app's.
CREATE FUNCTION app_sessions.current_client() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = '' AS $$ SELECT client_id FROM app_sessions.login WHERE name = SESSION_USER $$;

-- For an API that takes another app's access token: true while the sign-in it came from lives and the person is active.
CREATE FUNCTION app_sessions.sign_in_is_live(client_id text, sid text, person_id uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM app_sessions.sign_in s
    JOIN directory.person p ON p.id = s.person_id AND p.status = 'active'
    WHERE s.client_id = sign_in_is_live.client_id AND s.sid = sign_in_is_live.sid
      AND s.person_id = sign_in_is_live.person_id AND s.ended_at IS NULL AND s.expires_at > now())
$$;

-- Whether the connected app may name this person as the one who acted: they have signed in to it.
CREATE FUNCTION app_sessions.has_signed_in(person_id uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM app_sessions.sign_in s
    WHERE s.client_id = app_sessions.current_client() AND s.person_id = has_signed_in.person_id)
$$;

ALTER TABLE app_sessions.login ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_sessions.sign_in ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_sessions.session ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_sessions.login_transaction ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_sessions.logout_token_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit.event ENABLE ROW LEVEL SECURITY;
