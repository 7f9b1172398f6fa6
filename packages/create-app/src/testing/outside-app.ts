import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSealer, randomToken } from '@gatehouse/encryption';
import pg from 'pg';
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
  const read = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));
  const { client_id: clientId, client_name: title, client_uri: url, ...metadata } = read(folder, 'client.json');
  const { encryption_key: key } = read(clone.folder, '.local', 'secrets.json');
  const { pnpmFolder } = read(clone.folder, '.local', 'install.json');
  const secret = randomToken();
  const owner = new pg.Client({ connectionString: clone.org().database_url });
  await owner.connect();
  await owner.query(
    `INSERT INTO directory.app (client_id, title, description, url, access) VALUES ($1, $2, '', $3, 'everyone')`,
    [clientId, title, url],
  );
  await owner.query(
    `INSERT INTO protocol.client_registration (client_id, metadata, secret, shares_database, updated_at)
     VALUES ($1, $2, $3, false, now())`,
    [clientId, JSON.stringify(metadata), createSealer(key).seal(secret, `client_secret:${clientId}`)],
  );
  await owner.end();
  const env = readFileSync(join(folder, '.env'), 'utf8');
  writeFileSync(join(folder, '.env'), env.replace('CLIENT_SECRET=\n', `CLIENT_SECRET=${secret}\n`));

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
