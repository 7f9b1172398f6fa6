/** Starts PostgreSQL on the given folder and stays, for tests that kill this process: start-server.ts DATA_DIR */
import { startPostgres } from '../postgres/index.ts';

const server = await startPostgres({ dataDir: process.argv[2] ?? '', port: 0 });
process.stdout.write(`${server.ownerUrl}\n`);
setInterval(() => {}, 60_000);
