import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, type SqlDriverAdapter, type SqlQuery, type SqlQueryable } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** What @prisma/adapter-pg's queryables do inside, beyond their public interface. */
interface AdapterInternals {
  performIO(query: SqlQuery): Promise<pg.QueryArrayResult>;
  onError(error: unknown): never;
}

const quotedCharOid = 18;

/**
 * Connects @prisma/adapter-pg to one database, repaired for the schema engine's needs. One connection only: the engine
 * holds its advisory lock in it and sets session state that later statements rely on.
 *
 * @param url its `schema` parameter, if any, is where tables stand that name no schema, and `_prisma_migrations` too
 * @param onDisposed runs once, after the connection is closed
 */
export async function connectAdapter(url: string, onDisposed = async () => {}): Promise<SqlDriverAdapter> {
  const schema = URL.canParse(url) ? new URL(url).searchParams.get('schema') : null;
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    ...(schema && { verify: setSearchPath(schema) }),
  });
  const factory = new PrismaPg(pool, { disposeExternalPool: true, ...(schema && { schema }) });
  const adapter = withCharColumns<SqlDriverAdapter>(await factory.connect());
  return withWholeScripts(withSingleDispose(withRepairedTransactions(adapter), onDisposed), pool);
}

function setSearchPath(schema: string): NonNullable<pg.PoolConfig['verify']> {
  const sql = `SET search_path TO ${pg.escapeIdentifier(schema)}`;
  return (client, done) => client.query(sql, (error) => done(error));
}

/**
 * The catalogue queries return columns of PostgreSQL's internal type `"char"`, for which the adapter has no mapping and
 * throws. They are described to it as text, and to the engine as the single characters that it expects.
 */
function withCharColumns<Q extends SqlQueryable>(queryable: Q): Q {
  const { performIO } = queryable as unknown as AdapterInternals;
  const { queryRaw } = queryable;
  queryable.queryRaw = async (query) => {
    const charColumns: number[] = [];
    const relabelling = Object.create(queryable, {
      performIO: {
        value: async (statement: SqlQuery) => {
          const result = await performIO.call(queryable as unknown as AdapterInternals, statement);
          result.fields.forEach((field, column) => {
            if (field.dataTypeID !== quotedCharOid) return;
            field.dataTypeID = pg.types.builtins.TEXT;
            charColumns.push(column);
          });
          return result;
        },
      },
    });
    const result = await queryRaw.call(relabelling, query);
    for (const column of charColumns) result.columnTypes[column] = ColumnTypeEnum.Character;
    return result;
  };
  return queryable;
}

function withRepairedTransactions(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (isolationLevel) => withCharColumns(await startTransaction(isolationLevel));
  return adapter;
}

/**
 * The adapter splits scripts at every `;`, which breaks function bodies and strings, and gives the parts to whichever
 * connection is free. One simple query runs the whole script, and takes it back as a whole if a statement fails.
 */
function withWholeScripts(adapter: SqlDriverAdapter, pool: pg.Pool): SqlDriverAdapter {
  const internals = adapter as unknown as AdapterInternals;
  adapter.executeScript = async (script) => {
    await pool.query(script).catch((error: unknown) => internals.onError(error));
  };
  return adapter;
}

/** Both the engine and the end of the process dispose of an adapter, but a pool refuses to be ended twice. */
function withSingleDispose(adapter: SqlDriverAdapter, onDisposed: () => Promise<void>): SqlDriverAdapter {
  const dispose = adapter.dispose.bind(adapter);
  let disposed: Promise<void> | undefined;
  adapter.dispose = () => (disposed ??= dispose().then(onDisposed));
  return adapter;
}
