import { connect } from '@gatehouse/prisma';
import { createLog, serve } from '@gatehouse/web';
import manifest from '../manifest.ts';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';

const config = loadConfig(process.env);
const log = createLog({ name: manifest.clientId, level: config.logLevel });
const { pool, close } = connect(config.secrets.databaseUrl, {
  applicationName: manifest.clientId,
  pooler: config.databasePooler,
  log,
});

await serve(createApp({ config, log, pool }), { ...config, log, onStop: close });
