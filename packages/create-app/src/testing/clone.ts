import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Org } from '@gatehouse/launcher';

const root = join(import.meta.dirname, '..', '..', '..', '..');

export interface Clone {
  folder: string;
  git(...args: string[]): string;
  /** `node scripts/bootstrap.mjs …`, to its end. */
  run(...args: string[]): Promise<Run>;
  /** A program that `folder` of the clone has in its `node_modules`, run there to its end. */
  tool(folder: string, program: string, ...args: string[]): Promise<Run>;
  /** Lines for a shell in the clone's folder, to their end or to the first that fails. */
  shell(lines: string): Promise<Run>;
  /** Starts the organisation and waits until it runs. */
  start(command?: 'start' | 'dev'): Promise<Org>;
  stop(): Promise<void>;
  org(): Org;
  /** Has `remove` take this folder away too. */
  onRemove(folder: string): void;
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
  const others: string[] = [];
  let launcher: ReturnType<typeof begin> | undefined;

  function begin(command: string, args: string[], cwd: string) {
    const child = spawn(command, args, {
      cwd,
      env: {
        PATH: [join(folder, 'node_modules', '.bin'), hostPath()].join(delimiter),
        HOME: process.env.HOME,
        PORT_BASE: String(portBase),
        ...(process.env.CHROMIUM_PATH && { CHROMIUM_PATH: process.env.CHROMIUM_PATH }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run = { child, output: '', exit: once(child, 'close').then(([code]) => code as number | null) };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (run.output += chunk));
    return run;
  }
  const launch = (args: string[]) => begin('node', ['scripts/bootstrap.mjs', ...args], folder);
  const toItsEnd = async (run: ReturnType<typeof begin>): Promise<Run> => ({
    code: await run.exit,
    output: run.output,
  });
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
    run: (...args) => toItsEnd(launch(args)),
    tool(place, program, ...args) {
      const cwd = join(folder, place);
      return toItsEnd(begin(join(cwd, 'node_modules', '.bin', program), args, cwd));
    },
    shell: (lines) => toItsEnd(begin('sh', ['-ec', lines], folder)),
    async start(command = 'start') {
      const run = launch([command]);
      launcher = run;
      while (!run.output.includes('Ctrl-C stops')) {
        const ended = await Promise.race([run.exit.then(() => true), once(run.child.stdout, 'data').then(() => false)]);
        if (ended) throw new Error(`The organisation did not start:\n${run.output}`);
      }
      return org();
    },
    onRemove: (other) => void others.push(other),
    async remove() {
      await stop();
      for (const each of [folder, ...others]) rmSync(each, { recursive: true, force: true });
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
