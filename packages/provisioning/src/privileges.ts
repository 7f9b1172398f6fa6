import { createHash } from 'node:crypto';
import { escapeIdentifier } from 'pg';

/** What a database login may do follows from the kind of process that uses it. */
export type LoginKind = 'provider' | 'console' | 'department';

export const kinds: readonly LoginKind[] = ['provider', 'console', 'department'];

/** The NOLOGIN role of a kind. Roles belong to the whole server, so they carry the database's prefix. */
export const kindRole = (prefix: string, kind: LoginKind): string => `${prefix}_kind_${kind}`;

/**
 * Every right of every kind, as one idempotent script. All that is not granted here is refused by PostgreSQL, and what
 * no test of the apps needs is not granted (`used-rights.long.test.ts`).
 *
 * - `provider` the identity provider: all but other people's audit; registers clients of others
 * - `console` administers the directory and ends sessions; reads no credential, no secret and no protocol payload
 * - `department` reads who people are and what they may do; its own sessions; nothing else
 */
export function privileges(prefix: string): string {
  const [provider, console, department] = kinds.map((kind) => escapeIdentifier(kindRole(prefix, kind)));
  const everyone = `${provider}, ${console}, ${department}`;
  const apps = `${console}, ${department}`;
  const own = '(login = SESSION_USER)';
  return `
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA directory, app_sessions, audit TO ${everyone};
    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA directory, app_sessions, credentials, protocol FROM PUBLIC, ${everyone};
    GRANT EXECUTE ON FUNCTION directory.needs_second_factor(uuid, text), directory.folded_words(text),
      directory.search_vector(text), directory.today() TO ${everyone};
    GRANT EXECUTE ON FUNCTION directory.raise_moment(uuid), protocol.delete_tokens(text[], text[]),
      protocol.lock_administrators() TO ${provider}, ${console};
    GRANT EXECUTE ON FUNCTION app_sessions.token_counts(text, text, uuid, text, text) TO ${provider}, ${department};
    GRANT EXECUTE ON FUNCTION app_sessions.current_client(), app_sessions.has_signed_in(uuid),
      app_sessions.remove_session(bytea), directory.search_query(text) TO ${apps};

    -- what an earlier release gave and this one does not
    REVOKE ALL ON ALL TABLES IN SCHEMA directory, app_sessions, audit, credentials, protocol FROM ${everyone};

    -- directory
    GRANT SELECT ON directory.organisation, directory.designation, directory.app, directory.app_role,
      directory.held_designation, directory.effective_role TO ${everyone};
    GRANT SELECT (id, login, name, given_name, family_name, email, phone, status) ON directory.person TO ${department};
    GRANT SELECT ON directory.person, directory.department, directory.openable_app TO ${provider}, ${console};
    GRANT SELECT ON directory.appointment, directory.access_rule, directory.personal_grant TO ${provider}, ${console};
    GRANT SELECT ON directory.role_reason TO ${console};
    GRANT SELECT ON directory.api_permission TO ${provider};
    GRANT INSERT, UPDATE (starts_on, ends_on), DELETE ON directory.appointment TO ${provider};
    GRANT INSERT, DELETE ON directory.personal_grant TO ${provider};
    GRANT INSERT (code, name, parent_id) ON directory.department TO ${provider};
    GRANT INSERT (code, title, department_id, reports_to_id) ON directory.designation TO ${provider};
    GRANT INSERT (client_id, role, designation_id, department_id), DELETE ON directory.access_rule
      TO ${provider};
    GRANT INSERT (login, name, given_name, family_name, email), UPDATE (email) ON directory.person TO ${provider};
    GRANT UPDATE (status, disabled_at) ON directory.person TO ${console};
    GRANT UPDATE (second_factor_decided) ON directory.app TO ${console};
    GRANT UPDATE (second_factor_decided) ON directory.app_role TO ${console};
    GRANT INSERT, UPDATE (title, description, url, access), DELETE ON directory.app TO ${provider};
    GRANT DELETE ON directory.api_permission TO ${provider};

    -- credentials
    GRANT USAGE ON SCHEMA credentials TO ${provider};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA credentials TO ${provider};
    REVOKE DELETE ON credentials.password FROM ${provider};

    -- protocol: the console ends sessions without reading what they hold
    GRANT USAGE ON SCHEMA protocol TO ${provider}, ${console};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA protocol TO ${provider};
    REVOKE INSERT, UPDATE, DELETE ON protocol.registered_client FROM ${provider};
    REVOKE UPDATE, DELETE ON protocol.signing_key FROM ${provider};
    REVOKE INSERT, DELETE ON protocol.turn FROM ${provider};
    REVOKE INSERT ON protocol.logout_delivery FROM ${provider};
    GRANT SELECT (model, uid, account_id, expires_at, ended_at), UPDATE (ended_at) ON protocol.state TO ${console};
    GRANT SELECT (client_id, shares_database) ON protocol.client_registration TO ${console};
    GRANT SELECT ON protocol.registered_client, protocol.logout_delivery TO ${console};
    GRANT SELECT (client_id, title) ON protocol.removed_client TO ${console};
    GRANT SELECT ON protocol.consent TO ${console};
    GRANT SELECT ON protocol.session_origin TO ${console};

    -- app sessions: each login its own, the provider all. An app's login may write columns and never a whole table,
    -- because whoever may write a table may lock it
    GRANT SELECT, INSERT, UPDATE, DELETE ON app_sessions.sign_in TO ${provider};
    GRANT SELECT, UPDATE, DELETE ON app_sessions.session, app_sessions.login_taken, app_sessions.logout_token_use
      TO ${provider};
    GRANT SELECT ON app_sessions.sign_in TO ${console};
    GRANT SELECT ON app_sessions.login TO ${provider}, ${console};
    GRANT SELECT (client_id, sid, person_id, expires_at, ended_at, second_factor)
      ON app_sessions.sign_in TO ${department};
    GRANT UPDATE (ended_at, end_reason) ON app_sessions.sign_in TO ${console};
    GRANT SELECT ON app_sessions.session TO ${apps};
    GRANT INSERT (id_hash, client_id, sid, payload, expires_at, ended_at), UPDATE (payload, last_seen_at, ended_at)
      ON app_sessions.session TO ${apps};
    GRANT INSERT (state_hash, expires_at) ON app_sessions.login_taken TO ${apps};
    GRANT INSERT (jti_hash, expires_at) ON app_sessions.logout_token_use TO ${apps};
    ${policy('provider_all', 'app_sessions.sign_in', `TO ${provider} USING (true) WITH CHECK (true)`)}
    ${policy('console_all', 'app_sessions.sign_in', `TO ${console} USING (true) WITH CHECK (true)`)}
    ${policy('own_client', 'app_sessions.sign_in', `FOR SELECT TO ${department} USING (client_id = (SELECT app_sessions.current_client()))`)}
    ${['session', 'login_taken', 'logout_token_use']
      .map((table) => policy('provider_all', `app_sessions.${table}`, `TO ${provider} USING (true) WITH CHECK (true)`))
      .join('\n')}
    ${policy('own', 'app_sessions.session', `TO ${apps} USING ${own} WITH CHECK (login = SESSION_USER AND client_id = (SELECT app_sessions.current_client()))`)}
    ${policy('own', 'app_sessions.login_taken', `TO ${apps} USING ${own} WITH CHECK ${own}`)}
    ${policy('own', 'app_sessions.logout_token_use', `TO ${apps} USING ${own} WITH CHECK ${own}`)}

    -- audit: append only. Id, time and who recorded it are the database's. An app may only name as actor a person who
    -- signed in to it, and a department records what happened in itself and nothing else
    GRANT INSERT (type, actor_person_id, subject_person_id, client_id, session_uid, address, request_id, detail)
      ON audit.event TO ${everyone};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA audit TO ${everyone};
    GRANT SELECT ON audit.event TO ${provider}, ${console};
    ${policy('readers', 'audit.event', `FOR SELECT TO ${provider}, ${console} USING (true)`)}
    ${policy('provider_appends', 'audit.event', `FOR INSERT TO ${provider} WITH CHECK (recorded_by = SESSION_USER)`)}
    ${policy(
      'apps_append',
      'audit.event',
      `FOR INSERT TO ${apps} WITH CHECK (recorded_by = SESSION_USER
         AND client_id IS NOT DISTINCT FROM (SELECT app_sessions.current_client())
         AND (starts_with(type, 'app.' || (SELECT app_sessions.current_client()) || '.')
              OR (SELECT app_sessions.current_client()) = 'console' AND type = ANY (${consoleEvents}))
         AND pg_column_size(detail) < 16384
         AND (actor_person_id IS NULL OR app_sessions.has_signed_in(actor_person_id)))`,
    )}
  `;
}

/**
 * Writes a policy, unless it stands as provisioning last wrote it, from this very text: its comment tells both. To
 * write it is to lock its table against every reader.
 */
function policy(name: string, table: string, text: string): string {
  const hash = createHash('sha256').update(text).digest('hex');
  const written = `'Written by provisioning: ${hash} ' || md5(concat_ws(' ', polcmd, polpermissive, polroles,
    pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)))`;
  const itself = `polname = '${name}' AND polrelid = '${table}'::regclass`;
  return `
    DO $policy$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_policy WHERE ${itself} AND obj_description(oid, 'pg_policy') = ${written}) THEN
        DROP POLICY IF EXISTS ${name} ON ${table};
        CREATE POLICY ${name} ON ${table} ${text};
        EXECUTE (SELECT format('COMMENT ON POLICY ${name} ON ${table} IS %L', ${written}) FROM pg_policy WHERE ${itself});
      END IF;
    END $policy$;`;
}

/** What the console's routes record beyond its own events. */
const consoleEvents = `ARRAY[${['person.disabled', 'person.enabled', 'session.ended', 'second_factor.decided']
  .map((type) => `'${type}'`)
  .join(', ')}]`;

/** A department app's rights in its own Postgres schema, also on tables that later migrations add. */
export function schemaPrivileges(schema: string, login: string): string {
  const [s, l] = [escapeIdentifier(schema), escapeIdentifier(login)];
  return `
    CREATE SCHEMA IF NOT EXISTS ${s};
    GRANT USAGE ON SCHEMA ${s} TO ${l};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${s} TO ${l};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${s} TO ${l};
    REVOKE ALL ON TABLE ${s}."_prisma_migrations" FROM ${l};
  `;
}
