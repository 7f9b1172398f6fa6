import { connect } from '@gatehouse/prisma';
import { createLog, serve } from '@gatehouse/web';
import { PrismaPg } from '@prisma/adapter-pg';
import manifest from '../manifest.ts';
import { PrismaClient } from '../prisma/generated/client.ts';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';

const config = loadConfig(process.env);
const log = createLog({ name: manifest.clientId, level: config.logLevel });
const database = connect(config.secrets.databaseUrl, {
  applicationName: manifest.clientId,
  pooler: config.databasePooler,
  log,
});
const prisma = new PrismaClient({ adapter: new PrismaPg(database.pool, { schema: manifest.schema! }) });
const app = createApp({ config, log, pool: database.pool, prisma });

await serve(app, { ...config, log, onStop: () => database.close() });
