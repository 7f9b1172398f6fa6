import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Org } from '@gatehouse/launcher';

const root = join(import.meta.dirname, '..', '..', '..', '..');

export interface Clone {
  folder: string;
  git(...args: string[]): string;
  /** `node scripts/bootstrap.mjs …`, to its end. Also for programs of the workspace, given by path. */
  run(...args: string[]): Promise<Run>;
  /** Starts the organisation and waits until it runs. */
  start(): Promise<Org>;
  stop(): Promise<void>;
  org(): Org;
  remove(): Promise<void>;
}

export interface Run {
  code: number | null;
  output: string;
}

/** A clean clone of this checkout's newest commit, with its organisation on ports of its own. */
export function cloneCheckout(portBase: number): Clone {
  const folder = mkdtempSync('/var/tmp/gatehouse new apps ');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
  git('clone', '--quiet', root, '.');
  let launcher: ReturnType<typeof begin> | undefined;

  function begin(args: string[]) {
    const [program = ''] = args;
    const isCommand = !program.startsWith('apps/');
    const child = spawn(
      isCommand ? 'node' : join(folder, program),
      isCommand ? ['scripts/bootstrap.mjs', ...args] : args.slice(1),
      {
        cwd: isCommand ? folder : join(folder, ...program.split('/').slice(0, 2)),
        env: {
          PATH: [join(folder, 'node_modules', '.bin'), hostPath()].join(delimiter),
          HOME: process.env.HOME,
          PORT_BASE: String(portBase),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const run = { child, output: '', exit: once(child, 'exit').then(([code]) => code as number | null) };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (run.output += chunk));
    return run;
  }
  const org = (): Org => JSON.parse(readFileSync(join(folder, '.local', 'org.json'), 'utf8'));
  const stop = async () => {
    launcher?.child.kill('SIGINT');
    await launcher?.exit;
    launcher = undefined;
  };
  return {
    folder,
    git,
    org,
    stop,
    async run(...args) {
      const run = begin(args);
      return { code: await run.exit, output: run.output };
    },
    async start() {
      const run = begin(['start']);
      launcher = run;
      while (!run.output.includes('Ctrl-C stops')) {
        const ended = await Promise.race([run.exit.then(() => true), once(run.child.stdout, 'data').then(() => false)]);
        if (ended) throw new Error(`The organisation did not start:\n${run.output}`);
      }
      return org();
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PATH without this checkout's own tools. */
function hostPath(): string {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((each) => !each.startsWith(root))
    .join(delimiter);
}
