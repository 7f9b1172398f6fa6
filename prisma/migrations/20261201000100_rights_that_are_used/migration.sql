-- What the console does in tables that it may not write: a right to write a whole table is one to lock it against all.

-- The codes, tokens and grants of sessions that end.
CREATE FUNCTION protocol.delete_tokens(sessions text[], grants text[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$
    DELETE FROM protocol.state
    WHERE model <> 'Session' AND (session_uid = ANY (delete_tokens.sessions) OR grant_id = ANY (delete_tokens.grants))
  $$;

-- Changes to who is an administrator wait for each other, and the other turns are none of the console's.
CREATE FUNCTION protocol.lock_administrators() RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT FROM protocol.turn WHERE name = 'administrators' FOR UPDATE $$;
