import { createSealer } from '@gatehouse/encryption';
import type { TestDatabase } from '@gatehouse/test-kit';
import { addClient, ClientsError } from '../src/index.ts';

export const local = { production: false };
export const library = { client_name: 'Library', redirect_uris: ['http://localhost:7100/cb'] };

/** What tests of clients do again and again in their database. */
export function clientTools(database: () => TestDatabase) {
  const sealer = () => createSealer(database().encryptionKey);
  const owner = () => database().owner;
  return {
    sealer,
    add: async (input: unknown, options = {}) =>
      (await addClient(owner(), sealer(), input, { ...local, ...options })).credentials,
    row: async (clientId: string) =>
      (
        await owner().query(
          `SELECT a.access, a.first_party, a.url, r.metadata, r.secret, r.previous_secret, r.shares_database
           FROM protocol.client_registration r JOIN directory.app a USING (client_id) WHERE client_id = $1`,
          [clientId],
        )
      ).rows[0],
    eventsOf: async (clientId: string): Promise<string[]> => {
      const { rows } = await owner().query('SELECT type FROM audit.event WHERE client_id = $1 ORDER BY id', [clientId]);
      return rows.map(({ type }) => type);
    },
  };
}

/** @throws {Error} where the work is not refused */
export async function refusal(work: Promise<unknown>): Promise<ClientsError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClientsError)) throw new Error(`was not refused: ${String(error)}`);
  return error;
}
