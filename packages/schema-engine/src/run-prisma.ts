import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { findNativeEngine } from './native-engine.ts';

const bridge = fileURLToPath(new URL('bridge/main.ts', import.meta.url));
const configFiles = ['prisma/prisma.config.ts', 'prisma.config.ts'];

export interface PrismaOptions {
  /** Folder that holds `prisma/prisma.config.ts` or `prisma.config.ts`. */
  cwd: string;
  /** On top of this process's own environment. */
  env?: Record<string, string>;
  /** `inherit` (default) talks to the terminal; `capture` collects what Prisma prints. */
  output?: 'inherit' | 'capture';
}

export interface PrismaRun {
  exitCode: number;
  /** Standard output followed by standard error; empty unless captured. */
  output: string;
}

/**
 * Runs the Prisma CLI without any download: the schema engine is the machine's native one, or else our bridge to the
 * WASM build from npm.
 *
 * @param args what would follow `prisma` on the command line, e.g. `['migrate', 'deploy']`
 */
export async function runPrisma(args: string[], options: PrismaOptions): Promise<PrismaRun> {
  const { cwd, output = 'inherit' } = options;
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  const cli = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const child = spawn(process.execPath, [cli, ...args, ...configArguments(args, cwd)], {
    cwd,
    env: {
      ...env,
      // The bridge starts through its shebang line and must find this very Node.
      PATH: [dirname(process.execPath), env.PATH].join(delimiter),
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      PRISMA_SCHEMA_ENGINE_BINARY: findNativeEngine(env) ?? bridge,
    },
    stdio: output === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const [exitCode, ...printed] = await Promise.all([exit, ...streams.map((stream) => text(stream))]);
  return { exitCode, output: printed.join('') };
}

function configArguments(args: string[], cwd: string): string[] {
  if (args.some((arg) => arg === '--config' || arg.startsWith('--config='))) return [];
  const config = configFiles.find((file) => existsSync(join(cwd, file)));
  return config ? ['--config', config] : [];
}
