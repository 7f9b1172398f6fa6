import { parseArgs } from 'node:util';

export interface EngineArguments {
  /** Absent: serve JSON-RPC until stdin ends. */
  command?: string;
  /** Prisma schema files. */
  datamodels: string[];
  /** Connection string; empty when the command needs no database. */
  url: string;
  /** An existing database to use as shadow database. */
  shadowDatabaseUrl?: string;
}

/** Reads the command line that Prisma's CLI gives to its schema engine. */
export function readArguments(args: string[]): EngineArguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      datamodels: { type: 'string', short: 'd', multiple: true, default: [] },
      datasource: { type: 'string', default: '{}' },
      'enabled-preview-features': { type: 'string' },
      'extension-types': { type: 'string' },
      version: { type: 'boolean', short: 'V' },
    },
  });
  const datasource: { url?: string; shadowDatabaseUrl?: string } = JSON.parse(values.datasource);
  const command = values.version ? 'version' : positionals[0] === 'cli' ? positionals[1] : undefined;
  return {
    ...(command && { command }),
    datamodels: values.datamodels,
    url: datasource.url ?? '',
    ...(datasource.shadowDatabaseUrl && { shadowDatabaseUrl: datasource.shadowDatabaseUrl }),
  };
}
