-- A login and an address have one spelling: NFKC, lower case, without spaces and without what cannot be seen. Two people
-- who would have the same one stop this, with the value in the message: which of them keeps it is for people to decide.
-- The release before still runs, and is refused a new login with such characters in it.
CREATE FUNCTION pg_temp.folded(typed text) RETURNS text LANGUAGE sql AS $$
  SELECT normalize(replace(lower(regexp_replace(normalize(typed, NFKC),
    '[[:space:][:cntrl:]\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]',
    '', 'g')), U&'i\0307', 'i'), NFKC)
$$;
ALTER TABLE "directory"."person" DROP CONSTRAINT person_login_folded, DROP CONSTRAINT person_email_folded;
UPDATE "directory"."person" SET login = pg_temp.folded(login) WHERE login <> pg_temp.folded(login);
UPDATE "directory"."person" SET email = pg_temp.folded(email) WHERE email <> pg_temp.folded(email);
ALTER TABLE "directory"."person"
  ADD CONSTRAINT person_login_folded CHECK (
    login = normalize(lower(normalize(login, NFKC)), NFKC)
    AND login !~ '[[:space:][:cntrl:]\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]'),
  ADD CONSTRAINT person_email_folded CHECK (
    email = normalize(lower(normalize(email, NFKC)), NFKC)
    AND email !~ '[[:space:][:cntrl:]\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]');
