import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clone, Run } from './clone.ts';

export interface OutsideApp {
  url: string;
  /** pnpm in its folder. */
  pnpm(...args: string[]): Promise<Run>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** An app in a repository of its own, registered by its client.json at the provider of a clone that runs. */
export async function registerOutsideApp(folder: string, clone: Clone): Promise<OutsideApp> {
  const { code, output } = await clone.run('client', 'add', join(folder, 'client.json'));
  if (code !== 0) throw new Error(output);
  const { client_secret: secret, client_uri: url } = JSON.parse(/^\{[^]*^\}/m.exec(output)?.[0] ?? '');
  const env = readFileSync(join(folder, '.env'), 'utf8');
  writeFileSync(join(folder, '.env'), env.replace('CLIENT_SECRET=\n', `CLIENT_SECRET=${secret}\n`));
  const { pnpmFolder } = JSON.parse(readFileSync(join(clone.folder, '.local', 'install.json'), 'utf8'));

  const begin = (args: string[]) => {
    const child = spawn(join(pnpmFolder, 'pnpm'), args, {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // pnpm starts the app as a child of its own; a signal is for both.
      detached: true,
    });
    const run = { child, output: '', exit: once(child, 'close').then(([code]) => code as number | null) };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (run.output += chunk));
    return run;
  };
  let running: ReturnType<typeof begin> | undefined;
  return {
    url,
    async pnpm(...args) {
      const run = begin(args);
      return { code: await run.exit, output: run.output };
    },
    async start() {
      const run = begin(['start']);
      running = run;
      while (!run.output.includes('is ready')) {
        const ended = await Promise.race([run.exit.then(() => true), once(run.child.stdout, 'data').then(() => false)]);
        if (ended) throw new Error(`The app outside did not start:\n${run.output}`);
      }
    },
    async stop() {
      if (running?.child.pid) process.kill(-running.child.pid, 'SIGTERM');
      await running?.exit;
      running = undefined;
    },
  };
}
