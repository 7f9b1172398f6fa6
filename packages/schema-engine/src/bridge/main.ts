#!/usr/bin/env node
/**
 * Stands in for Prisma's native schema engine: the same arguments, the same JSON-RPC over stdin and stdout, the same
 * log lines on stderr. The work is done by the WASM build of that engine from npm, over @prisma/adapter-pg.
 * Prisma's CLI starts it where `PRISMA_SCHEMA_ENGINE_BINARY` says so.
 */
import { readArguments } from './arguments.ts';
import { runDatabaseCommand } from './database-commands.ts';
import { serveJsonRpc } from './json-rpc.ts';
import { createMethods } from './methods.ts';

const { command, ...options } = readArguments(process.argv.slice(2));
if (command === 'version') {
  console.log('schema-engine-cli (WASM bridge)');
} else if (command) {
  process.exitCode = await runDatabaseCommand(command, options.url);
} else {
  await using resources = new AsyncDisposableStack();
  await serveJsonRpc(process.stdin, process.stdout, createMethods(options, resources));
}
