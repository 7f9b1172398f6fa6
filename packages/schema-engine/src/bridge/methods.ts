import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { createAdapterFactory } from './adapter-factory.ts';
import type { EngineArguments } from './arguments.ts';
import { createDatabase, ensureConnection } from './database-commands.ts';
import type { Method } from './json-rpc.ts';
import { startWasmEngine } from './wasm-engine.ts';

type Params<M extends keyof SchemaEngine> = SchemaEngine[M] extends (params: infer P) => unknown ? P : never;

/** Handed to the WASM engine as they are. */
const forwarded = [
  'applyMigrations',
  'createMigration',
  'dbExecute',
  'devDiagnostic',
  'diagnoseMigrationHistory',
  'introspect',
  'introspectSql',
  'markMigrationApplied',
  'markMigrationRolledBack',
  'reset',
  'schemaPush',
] as const;

/**
 * The methods of the schema engine. The WASM engine is started by the first that needs it.
 *
 * @param resources collects what must be closed at the end
 */
export function createMethods(
  { datamodels, url, shadowDatabaseUrl }: Omit<EngineArguments, 'command'>,
  resources: AsyncDisposableStack,
): Partial<Record<string, Method>> {
  let started: Promise<SchemaEngine> | undefined;
  const engine = () =>
    (started ??= startWasmEngine(datamodels, createAdapterFactory(url, shadowDatabaseUrl, resources)));

  return {
    ...Object.fromEntries(forwarded.map((name) => [name, async (params: never) => (await engine())[name](params)])),
    createDatabase: async () => ({ databaseName: await createDatabase(url) }),
    ensureConnectionValidity: () => ensureConnection(url),
    getDatabaseVersion: async (params: Params<'version'>) => (await engine()).version(params),
    diff: async (params: Params<'diff'>, print) => {
      const { exitCode, stdout } = await (await engine()).diff(params);
      if (stdout) print(stdout.replace(/\n$/, ''));
      return { exitCode, stdout: null };
    },
    evaluateDataLoss: async (params: Params<'evaluateDataLoss'>) => evaluateDataLoss(await engine(), params),
  };
}

/**
 * The WASM engine opens its shadow database in `devDiagnostic` only and keeps what it learnt there. Once pending
 * migrations have been applied that is stale and it asks for a shadow database in vain, so it gets to learn again.
 */
async function evaluateDataLoss(engine: SchemaEngine, params: Params<'evaluateDataLoss'>) {
  try {
    return await engine.evaluateDataLoss(params);
  } catch (error) {
    if (!/shadow DB must be provided/.test((error as Error).message)) throw error;
    const { migrationsList, filters } = params;
    await engine.devDiagnostic({ migrationsList, filters });
    return engine.evaluateDataLoss(params);
  }
}
