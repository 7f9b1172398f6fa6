import pg, { type ClientBase } from 'pg';

/** What may stand before PostgreSQL: a pooler such as PgBouncer that gives each transaction another connection. */
export type Pooler = 'transaction';

/** Whether a pooler answers in PostgreSQL's place: the process that does the work is not the one that was announced. */
export async function isPooled(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid !== (client as ClientBase & { processID: number }).processID;
}

/**
 * The client class of a pool that may stand behind a pooler: there a prepared statement is unnamed, because the next
 * transaction finds the names of another connection. Without `pooler` the first connection of the pool looks.
 *
 * @param onFound told once that there is a pooler which nobody named
 */
export function clientFor(pooler: Pooler | undefined, onFound: () => void): typeof pg.Client {
  let pooled = pooler === 'transaction' ? true : undefined;

  async function look(client: ClientBase): Promise<void> {
    if (pooled !== undefined) return;
    const found = await isPooled(client);
    if (found && pooled === undefined) onFound();
    pooled = found;
  }

  class Client extends pg.Client {}
  const { connect, query } = pg.Client.prototype;
  Client.prototype.connect = function connectAndLook(this: pg.Client, callback?: (error?: Error) => void) {
    const connected = Promise.resolve(Reflect.apply(connect, this, [])).then(() => look(this));
    if (!callback) return connected;
    connected.then(() => callback(), callback);
  } as typeof connect;
  Client.prototype.query = function queryUnnamed(this: pg.Client, asked: unknown, ...more: unknown[]) {
    return Reflect.apply(query, this, [pooled ? withoutName(asked) : asked, ...more]);
  } as typeof query;
  return Client;
}

const withoutName = (asked: unknown): unknown =>
  typeof asked === 'object' && asked !== null && 'name' in asked && !('submit' in asked)
    ? { ...asked, name: undefined }
    : asked;
