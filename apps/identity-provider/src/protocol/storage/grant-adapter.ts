import Provider, { type AdapterPayload } from 'oidc-provider';
import type { Pool } from 'pg';
import type { ClientRegistry } from '../clients/registry.ts';
import { narrowedScope } from '../narrowed-scope.ts';
import { idHash, restorePayload, storedPayload } from './payload.ts';
import { requestUnit } from './request-unit.ts';
import { StateAdapter } from './state-adapter.ts';

/**
 * What a person has granted a client within one provider session. Of it counts what the client is registered for now:
 * a scope or an API that was taken from the client is in no token from then on.
 */
export class GrantAdapter extends StateAdapter {
  private readonly clients: Pick<ClientRegistry, 'metadataOf'>;

  constructor(pool: Pool, clients: Pick<ClientRegistry, 'metadataOf'>) {
    super('Grant', pool);
    this.clients = clients;
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const { grant } = requestUnit();
    const found = grant?.id === id ? restorePayload(id, grant.payload) : await super.find(id);
    const client = found?.clientId && (await this.clients.metadataOf(found.clientId));
    return found && client ? { ...found, openid: narrowed(found.openid as Granted | undefined, client.scope) } : found;
  }

  /**
   * While an authorization request is answered the grant waits, to be written by the statement that issues the code.
   */
  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    if (Provider.ctx?.oidc.session) requestUnit().grantToWrite = { id, payload: storedPayload(id, payload) };
    else await super.upsert(id, payload, expiresIn);
  }

  protected override row(id: string, payload: AdapterPayload, expiresIn: number | undefined): unknown[] {
    return super.row(id, { ...payload, grantId: id }, expiresIn);
  }

  /** A sign-in does not outlive its grant; the next authorization request makes new ones of both. */
  override async destroy(id: string): Promise<void> {
    await this.pool.query({
      name: 'grant.destroy',
      text: `WITH gone AS (DELETE FROM protocol.state WHERE model = 'Grant' AND id_hash = $1)
             UPDATE app_sessions.sign_in SET ended_at = now(), end_reason = 'grant_revoked'
             WHERE grant_id = $2 AND ended_at IS NULL`,
      values: [idHash(id), id],
    });
  }
}

/** What the library keeps of OpenID Connect in a grant. */
interface Granted {
  scope?: string;
}

/** The granted scopes that are still among the registered ones; all where the client is registered for no list. */
function narrowed(granted: Granted | undefined, registered: string | undefined): Granted | undefined {
  if (!granted?.scope || registered === undefined) return granted;
  return { ...granted, scope: narrowedScope(granted.scope, registered) };
}
