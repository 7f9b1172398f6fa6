-- The one answer to whether a token still counts that a person's sign-in to a client gave it: the sign-in lives, the
-- person is active and may open the client, what the client asks as a second factor stands behind the sign-in, and, for
-- a token to an API, the client may still ask for that scope there. `session` is the sid that the token says or the uid
-- of the provider session behind it.
CREATE FUNCTION app_sessions.token_counts(client_id text, session text, person_id uuid, audience text, scope text)
  RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM app_sessions.sign_in s
    JOIN directory.person p ON p.id = s.person_id AND p.status = 'active'
    JOIN directory.openable_app o ON o.person_id = s.person_id AND o.client_id = s.client_id
    WHERE s.client_id = token_counts.client_id AND token_counts.session IN (s.sid, s.session_uid)
      AND s.person_id = token_counts.person_id AND s.ended_at IS NULL AND s.expires_at > now()
      AND (s.second_factor OR NOT directory.needs_second_factor(s.person_id, s.client_id))
      AND (token_counts.audience IS NULL OR EXISTS (
        SELECT FROM directory.api_permission a
        WHERE a.client_id = s.client_id AND a.audience = token_counts.audience AND a.scope = token_counts.scope)))
$$;
