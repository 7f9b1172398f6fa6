import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { ClientRegistry } from '../clients/registry.ts';

/** Clients are registered by provisioning; the protocol only reads them. */
export class ClientAdapter implements Adapter {
  readonly #clients: ClientRegistry;

  constructor(clients: ClientRegistry) {
    this.#clients = clients;
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.#clients.metadataOf(id);
  }

  async upsert(): Promise<void> {
    throw new TypeError('Clients are not registered through the protocol');
  }

  async destroy(): Promise<void> {
    throw new TypeError('Clients are not removed through the protocol');
  }

  async consume(): Promise<void> {}

  async revokeByGrantId(): Promise<void> {}

  async findByUid(): Promise<undefined> {}

  async findByUserCode(): Promise<undefined> {}
}
