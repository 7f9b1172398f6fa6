import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The native schema engine of this machine, if there is one.
 *
 * @param directory where Prisma puts the engine that it downloads
 * @returns the path that the user set in `PRISMA_SCHEMA_ENGINE_BINARY`, or the downloaded file, or `undefined`
 */
export function findNativeEngine(env: NodeJS.ProcessEnv, directory = enginesDirectory()): string | undefined {
  if (env.PRISMA_SCHEMA_ENGINE_BINARY) return env.PRISMA_SCHEMA_ENGINE_BINARY;
  const file = readdirSync(directory).find((name) => /^schema-engine-(?!.*\.(gz|tmp|sha256)$)/.test(name));
  return file && join(directory, file);
}

function enginesDirectory(): string {
  const prisma = createRequire(createRequire(import.meta.url).resolve('prisma/package.json'));
  return dirname(prisma.resolve('@prisma/engines/package.json'));
}
