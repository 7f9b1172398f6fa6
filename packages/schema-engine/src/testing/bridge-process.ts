import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../bridge/main.ts', import.meta.url));

interface Answer {
  result?: Record<string, unknown>;
  error?: { code: number; data?: { message: string; error_code: string | null } };
}

/** The bridge as Prisma's CLI runs it: one process, requests in, answers out. */
export interface BridgeProcess {
  pid: number | undefined;
  call(method: string, params?: object): Promise<Answer>;
  /** Ends it with SIGTERM, as the CLI does. */
  stop(): Promise<void>;
}

/** Starts the bridge on a database and a Prisma schema. */
export function startBridge(url: string, schemaFile: string): BridgeProcess {
  const child = spawnBridge(['--datamodels', schemaFile, '--datasource', JSON.stringify({ url })]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, 'exit');
  let id = 0;
  return {
    pid: child.pid,
    async call(method, params = {}) {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params })}\n`);
      const { value } = await lines.next();
      return JSON.parse(value ?? 'null');
    },
    async stop() {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** Runs one of the engine's own commands, e.g. `can-connect-to-database`. */
export async function runBridgeCommand(url: string, command: string): Promise<{ exitCode: number; log: string }> {
  const child = spawnBridge(['--datasource', JSON.stringify({ url }), 'cli', command]);
  const [[exitCode], log] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { exitCode, log };
}

function spawnBridge(args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [main, ...args]);
}
