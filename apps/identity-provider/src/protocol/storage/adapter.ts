import type { Adapter, AdapterFactory } from 'oidc-provider';
import type { Pool } from 'pg';
import type { ClientRegistry } from '../clients/registry.ts';
import { ClientAdapter } from './client-adapter.ts';
import { AccessTokenAdapter, CodeAdapter } from './code-adapter.ts';
import { DeviceCodeAdapter } from './device-code-adapter.ts';
import { GrantAdapter } from './grant-adapter.ts';
import { RefreshTokenAdapter } from './refresh-token-adapter.ts';
import { SessionAdapter } from './session-adapter.ts';
import { InteractionAdapter, ReplayAdapter } from './single-use-adapters.ts';
import { StateAdapter } from './state-adapter.ts';

/** Where oidc-provider keeps what it stores: one adapter per model, over one table. */
export function createAdapter(pool: Pool, clients: ClientRegistry): AdapterFactory {
  return (model): Adapter => {
    switch (model) {
      case 'Client':
        return new ClientAdapter(clients);
      case 'Session':
        return new SessionAdapter(pool);
      case 'Grant':
        return new GrantAdapter(pool, clients);
      case 'AuthorizationCode':
        return new CodeAdapter(pool);
      case 'AccessToken':
        return new AccessTokenAdapter(pool);
      case 'DeviceCode':
        return new DeviceCodeAdapter(pool);
      case 'Interaction':
        return new InteractionAdapter(pool);
      case 'RefreshToken':
        return new RefreshTokenAdapter(pool);
      case 'ReplayDetection':
        return new ReplayAdapter(pool);
      default:
        return new StateAdapter(model, pool);
    }
  };
}
