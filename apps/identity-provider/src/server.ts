import { createPasswordHasher } from '@gatehouse/accounts';
import { createSealer } from '@gatehouse/encryption';
import { createPostman } from '@gatehouse/mail';
import { connect } from '@gatehouse/prisma';
import { createLog, serve } from '@gatehouse/web';
import { createApp } from './app.ts';
import { loadConfig } from './config.ts';
import { customisation } from './customisation.ts';
import { openMail } from './mail/open-mail.ts';
import {
  createClientRegistry,
  createProvider,
  deliverLogouts,
  listen,
  loadSigningKeys,
  startCleaner,
} from './protocol/index.ts';
import { refuseDemoPeople } from './refuse-demo-people.ts';

const config = loadConfig(process.env);
const log = createLog({ name: 'identity-provider', level: config.logLevel });
const database = connect(config.secrets.databaseUrl, {
  applicationName: 'identity-provider',
  pooler: config.databasePooler,
  log,
});
const { pool } = database;
if (config.nodeEnv === 'production') await refuseDemoPeople(pool);

const sealer = createSealer(config.secrets.encryptionKey, config.secrets.encryptionKeysToOpen);
const { databaseDirectUrl } = config.secrets;
const direct = databaseDirectUrl
  ? connect(databaseDirectUrl, { applicationName: 'notifications', max: 1, log })
  : database;
const notifications = listen(direct.pool, ['client_changed', 'logout_due'], log);
const clients = createClientRegistry(pool, sealer, notifications);
const provider = createProvider({
  issuer: config.baseUrl,
  pool,
  clients,
  cookieKeys: config.secrets.cookieKeys,
  signingKeys: await loadSigningKeys(pool, sealer),
  idTokenHooks: customisation.idTokenHooks,
  log,
});
const deliveries = deliverLogouts({ provider, pool, notifications, log });
const cleaner = startCleaner(pool, log);
const mail = openMail({ ...config, production: config.nodeEnv === 'production' });
const post =
  mail.mailer &&
  createPostman({
    mailer: mail.mailer,
    onFailure: (err, { subject }) => log.error({ err, subject }, 'a mail was not delivered'),
  });

const { mailbox } = mail;
const hasher = createPasswordHasher();
const { views, signOutHooks } = customisation;
const deps = { config, pool, provider, clients, sealer, hasher, post, mailbox, views, signOutHooks, log };
await serve(createApp(deps), {
  port: config.port,
  host: config.host,
  drainSeconds: config.drainSeconds,
  log,
  async onStop() {
    await Promise.all([deliveries.stop(), cleaner.stop(), notifications.close(), post?.stop()]);
    mail.close();
    await Promise.all([database.close(), direct === database ? undefined : direct.close()]);
  },
});
