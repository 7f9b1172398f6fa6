-- Every act that secures an account raises its person's moment, in its own transaction. A proof carries the moment that
-- it saw and counts only while that is the present one. A number and not a time, so that no clock and no order of commits
-- lets a proof through that was made of what has just been replaced.
ALTER TABLE "directory"."person" ADD COLUMN "moment" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "credentials"."pending_sign_in"
  ADD COLUMN "moment" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "proved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "credentials"."remembered_device" ADD COLUMN "moment" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "credentials"."one_time_link" ADD COLUMN "moment" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "credentials"."email_change" ADD COLUMN "moment" INTEGER NOT NULL DEFAULT 0;

CREATE FUNCTION directory.raise_moment(person_id uuid) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE directory.person SET moment = moment + 1 WHERE id = person_id $$;

-- Triggers, so that no path forgets it: an import, a command, a statement by hand.
CREATE FUNCTION directory.secure_person() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  PERFORM directory.raise_moment(CASE TG_OP WHEN 'DELETE' THEN OLD.person_id ELSE NEW.person_id END);
  RETURN NULL;
END $$;

CREATE TRIGGER secures_person AFTER INSERT OR UPDATE OF hash ON "credentials"."password"
  FOR EACH ROW EXECUTE FUNCTION directory.secure_person();
CREATE TRIGGER secures_person AFTER INSERT OR DELETE ON "credentials"."totp"
  FOR EACH ROW EXECUTE FUNCTION directory.secure_person();
CREATE TRIGGER secures_person AFTER INSERT OR DELETE ON "credentials"."passkey"
  FOR EACH ROW EXECUTE FUNCTION directory.secure_person();
CREATE TRIGGER secures_person AFTER DELETE ON "credentials"."recovery_code"
  FOR EACH ROW EXECUTE FUNCTION directory.secure_person();

CREATE FUNCTION directory.keep_moment() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  NEW.moment := greatest(OLD.moment, NEW.moment);
  IF NEW.status <> OLD.status OR NEW.email <> OLD.email THEN NEW.moment := NEW.moment + 1; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keeps_moment BEFORE UPDATE OF status, email, moment ON "directory"."person"
  FOR EACH ROW EXECUTE FUNCTION directory.keep_moment();

-- A link and a change under way belong to the moment in which they are made, whoever makes them.
CREATE FUNCTION credentials.stamp_moment() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  NEW.moment := (SELECT p.moment FROM directory.person p WHERE p.id = NEW.person_id);
  RETURN NEW;
END $$;

CREATE TRIGGER stamps_moment BEFORE INSERT ON "credentials"."one_time_link"
  FOR EACH ROW EXECUTE FUNCTION credentials.stamp_moment();
CREATE TRIGGER stamps_moment BEFORE INSERT OR UPDATE OF token_hash ON "credentials"."email_change"
  FOR EACH ROW EXECUTE FUNCTION credentials.stamp_moment();
