import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ErrorCapturingSqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { log } from './log.ts';

/** TypeScript declares this global for browsers only. */
declare const WebAssembly: {
  instantiate(wasm: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

let loaded: Promise<void> | undefined;

/**
 * Starts the WASM schema engine.
 *
 * @param datamodels paths of the Prisma schema files
 */
export async function startWasmEngine(
  datamodels: string[],
  factory: ErrorCapturingSqlMigrationAwareDriverAdapterFactory,
): Promise<glue.SchemaEngine> {
  const files = await Promise.all(
    datamodels.map(async (path): Promise<[string, string]> => [path, await readFile(path, 'utf8')]),
  );
  await (loaded ??= load());
  return glue.SchemaEngine.new({ datamodels: files.length > 0 ? files : undefined }, () => {}, factory);
}

/** By hand, because importing a `.wasm` file makes Node print a warning that it is experimental. */
async function load(): Promise<void> {
  // import.meta.resolve is missing where Vitest runs a global set-up.
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = await readFile(file.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  // The engine's panic handler calls this global; the CLI shows the text with its offer of a bug report.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => log('ERROR', message, { is_panic: true }) },
  });
}
