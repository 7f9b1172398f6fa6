import { isPooled } from '@gatehouse/prisma';
import type { Logger } from '@gatehouse/web';
import type { Pool, PoolClient } from 'pg';

export interface Notifications {
  /** Calls back on every notification of the channel, and whenever notifications may have been missed. */
  on(channel: string, listener: () => void): void;
  /** False while the connection is down: then what was learned before may be out of date. */
  readonly live: boolean;
  close(): Promise<void>;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

/**
 * Listens to PostgreSQL notifications on one connection of the pool, and connects again whenever it breaks. Behind a
 * pooler none would arrive, so there it is never live, and says what would help.
 */
export function listen(pool: Pool, channels: readonly string[], log: Pick<Logger, 'warn'>): Notifications {
  const listeners = new Map<string, (() => void)[]>();
  let connection: PoolClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const tell = (channel: string) => {
    for (const listener of listeners.get(channel) ?? []) listener();
  };
  const tellAll = () => channels.forEach(tell);

  async function connect(delay: number): Promise<void> {
    try {
      const client = await pool.connect();
      if (closed) return client.release();
      if (await isPooled(client)) {
        log.warn('no notifications arrive through a pooler: name PostgreSQL itself in DATABASE_DIRECT_URL');
        return client.release();
      }
      client.on('notification', ({ channel }) => tell(channel));
      client.once('error', (error) => lost(client, error));
      client.once('end', () => lost(client));
      for (const channel of channels) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      // Closed meanwhile: whoever ends the pool waits for each of its connections.
      if (closed) return client.release(true);
      connection = client;
      tellAll();
    } catch {
      again(delay);
    }
  }

  function lost(client: PoolClient, error?: Error): void {
    if (connection !== client) return;
    connection = undefined;
    client.release(error ?? true);
    tellAll();
    again(FIRST_RETRY_MS);
  }

  function again(delay: number): void {
    if (closed) return;
    const jittered = delay * (0.5 + Math.random());
    retry = setTimeout(() => void connect(Math.min(delay * 2, LAST_RETRY_MS)), jittered).unref();
  }

  void connect(FIRST_RETRY_MS);
  return {
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    },
    get live() {
      return connection !== undefined;
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      const client = connection;
      connection = undefined;
      client?.release(true);
    },
  };
}
