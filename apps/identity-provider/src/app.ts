import type { PasswordHasher } from '@gatehouse/accounts';
import { peopleApiRoutes } from '@gatehouse/accounts/api';
import { clientApiRoutes } from '@gatehouse/clients/api';
import { directoryApiRoutes } from '@gatehouse/directory/api';
import { deriveKey, type Sealer } from '@gatehouse/encryption';
import type { Mailbox, Postman } from '@gatehouse/mail';
import {
  type Allow,
  answerOptions,
  createWebApp,
  errorHandler,
  expectedAddresses,
  floodGuard,
  forwardedFor,
  health,
  type Logger,
  mountRoutes,
  notFound,
  refuseUnstorable,
  requestId,
  requestLog,
  staticAssets,
} from '@gatehouse/web';
import type { Express } from 'express';
import type { Pool } from 'pg';
import { accountRoutes } from './account/routes.ts';
import { securedMeanwhile } from './account/secured-meanwhile.ts';
import { administratorOf, requireAdministrator } from './api/require-administrator.ts';
import { askedByNobody } from './asked-by-nobody.ts';
import { clientOfRequest } from './client-of-request.ts';
import type { Config } from './config.ts';
import { confirmEmailRoutes } from './confirm-email/routes.ts';
import type { Customisation } from './customisation.ts';
import { databaseAway } from './database-away.ts';
import { forgottenPasswordRoutes } from './forgotten-password/routes.ts';
import { createInteractionRouter } from './interaction/index.ts';
import { createKnownDevices } from './known-devices.ts';
import { inLanguageOfRequest } from './languages/speak.ts';
import { languageRoutes } from './languages/switch.ts';
import { launcherRoutes } from './launcher/routes.ts';
import { invitationsBy } from './mail/invitations-by.ts';
import { mailboxRoutes } from './mailbox/routes.ts';
import { pageHeaders } from './page-headers.ts';
import { passkeyAssets } from './passkey-assets.ts';
import { pinnedHost } from './pinned-host.ts';
import { type ClientRegistry, createBrowserEndpoints, createServerEndpoints, type Provider } from './protocol/index.ts';
import { setPasswordRoutes } from './set-password/routes.ts';

export interface AppDeps extends Partial<Pick<Customisation, 'views' | 'signOutHooks'>> {
  config: Pick<
    Config,
    | 'baseUrl'
    | 'trustProxy'
    | 'organisationName'
    | 'organisationTimeZone'
    | 'developmentBar'
    | 'requestsPerMinute'
    | 'securityContact'
  > & {
    secrets: Pick<Config['secrets'], 'encryptionKey'>;
  };
  pool: Pool;
  provider: Provider;
  clients: ClientRegistry;
  /** Seals what is stored and must be read again. */
  sealer: Sealer;
  hasher: PasswordHasher;
  /** Takes mail to people; `undefined` where none is sent. */
  post?: Postman | undefined;
  /** Where mail lands instead of being sent, in development. */
  mailbox?: Mailbox | undefined;
  log: Logger;
}

/**
 * The identity provider: the OpenID Connect endpoints, the pages on which people answer them, the launcher and
 * everybody's page about their own account.
 */
export function createApp(deps: AppDeps): Express {
  const { config, pool, provider, clients, sealer, hasher, post, mailbox, views = [], signOutHooks = [], log } = deps;
  const issuer = config.baseUrl;
  const { encryptionKey } = config.secrets;
  const app = createWebApp({
    manifest: { clientId: 'identity-provider', title: 'Gatehouse' },
    issuer,
    organisation: { name: config.organisationName, timeZone: config.organisationTimeZone },
    developmentBar: config.developmentBar,
    signOutPath: '/sign-out',
    views: [...views, import.meta.dirname],
    assets: passkeyAssets,
    trustProxy: config.trustProxy,
  });
  const production = issuer.startsWith('https:');
  const pages = {
    provider,
    pool,
    signOutHooks,
    log,
    hasher,
    sealer,
    post,
    issuer,
    passkeyKey: deriveKey(encryptionKey, 'passkey challenge'),
    csrfKey: deriveKey(encryptionKey, 'csrf'),
    knownDevices: createKnownDevices({ encryptionKey, secure: production }),
  };

  app.use(requestId(), forwardedFor(log), requestLog(log));
  app.use(health({ ready: () => pool.query('SELECT FROM protocol.signing_key LIMIT 1') }));
  app.use(pinnedHost(issuer));
  app.use(floodGuard({ requestsPerMinute: config.requestsPerMinute, log, shareOf: clientOfRequest }));
  app.use(refuseUnstorable());
  app.use(createServerEndpoints(provider));
  app.use(
    mountRoutes(
      [
        ...clientApiRoutes({ db: pool, sealer, production, actorOf: administratorOf }),
        ...directoryApiRoutes({ db: pool, actorOf: administratorOf }),
        ...peopleApiRoutes({ db: pool, actorOf: administratorOf, sendInvitation: invitationsBy(post, issuer) }),
      ],
      { guard: (allow) => requireAdministrator({ pool, issuer, scope: scopeOf(allow) }) },
    ),
  );
  app.use(pageHeaders(clients.addresses));
  app.use(staticAssets(), answerOptions());
  app.use(
    expectedAddresses({
      changePassword: `${issuer}/account/password`,
      passkeys: { enroll: `${issuer}/account/passkeys/new`, manage: `${issuer}/account` },
      securityContact: config.securityContact,
    }),
  );
  app.use(inLanguageOfRequest);
  app.use(askedByNobody);
  app.use(createBrowserEndpoints(pages));
  app.use(createInteractionRouter(pages));
  app.use(mountRoutes([...languageRoutes(pages), ...launcherRoutes(pages), ...accountRoutes(pages)]));
  app.use(mountRoutes([...setPasswordRoutes(pages), ...forgottenPasswordRoutes(pages)]));
  app.use(mountRoutes([...confirmEmailRoutes(pages), ...mailboxRoutes(mailbox)]));
  app.use(notFound());
  app.use(databaseAway, securedMeanwhile, errorHandler(log));
  return app;
}

/** Each route of our own API names the scope that its token needs. */
function scopeOf(allow: Allow): string {
  if (typeof allow === 'object' && 'scope' in allow) return allow.scope;
  throw new TypeError('A route of the API names no scope');
}
