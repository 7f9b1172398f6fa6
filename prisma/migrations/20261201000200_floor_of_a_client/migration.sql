-- As before, and what the client is registered to need at least (`default_acr_values`) stands behind the sign-in too:
-- a client that comes to need a second factor refreshes no token of a sign-in without.
CREATE OR REPLACE FUNCTION app_sessions.token_counts(client_id text, session text, person_id uuid, audience text, scope text)
  RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT EXISTS (
    SELECT FROM app_sessions.sign_in s
    JOIN directory.person p ON p.id = s.person_id AND p.status = 'active'
    JOIN directory.openable_app o ON o.person_id = s.person_id AND o.client_id = s.client_id
    WHERE s.client_id = token_counts.client_id AND token_counts.session IN (s.sid, s.session_uid)
      AND s.person_id = token_counts.person_id AND s.ended_at IS NULL AND s.expires_at > now()
      AND (s.second_factor OR NOT (
        directory.needs_second_factor(s.person_id, s.client_id)
        OR EXISTS (
          SELECT FROM protocol.client_registration r
          WHERE r.client_id = s.client_id
            AND r.metadata->'default_acr_values' ?| ARRAY['urn:gatehouse:acr:two-factor', 'phr']
            AND NOT r.metadata->'default_acr_values' ? 'urn:gatehouse:acr:one-factor')))
      AND (token_counts.audience IS NULL OR EXISTS (
        SELECT FROM directory.api_permission a
        WHERE a.client_id = s.client_id AND a.audience = token_counts.audience AND a.scope = token_counts.scope)))
$$;
