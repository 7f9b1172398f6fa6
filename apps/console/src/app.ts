import { authClient, routeGuard } from '@gatehouse/auth-client';
import { postgresStore } from '@gatehouse/auth-client/postgres';
import { MANAGE_CLIENTS } from '@gatehouse/clients/api';
import { MANAGE_DIRECTORY } from '@gatehouse/directory/api';
import { createRelyingPartyApp, type Logger } from '@gatehouse/web';
import type { Express } from 'express';
import type { Pool } from 'pg';
import manifest from '../manifest.ts';
import { appRoutes } from './apps/routes.ts';
import { ruleRoutes } from './apps/rule-routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { clientChangeRoutes } from './clients/change-routes.ts';
import { createClientManagement } from './clients/client-management.ts';
import { clientRoutes } from './clients/routes.ts';
import type { Config } from './config.ts';
import { deliveryRoutes } from './deliveries/routes.ts';
import { departmentRoutes } from './departments/routes.ts';
import { actionRoutes } from './people/action-routes.ts';
import { inviteRoutes } from './people/invite-routes.ts';
import { createPeopleManagement } from './people/people-management.ts';
import { peopleRoutes } from './people/routes.ts';
import { createDirectoryManagement } from './posts/directory-management.ts';
import { postRoutes } from './posts/routes.ts';
import { createProviderApi } from './provider-api.ts';

interface Deps {
  config: Config;
  log: Logger;
  pool: Pool;
  /** Address of the identity provider's API. Default is below the issuer. */
  providerApi?: string;
}

/** Administration of people and access: a relying party like the others, under a database login of its own kind. */
export function createApp({ config, log, pool, providerApi = `${config.issuer}/api` }: Deps): Express {
  const { clientId } = manifest;
  const { sessionKey } = config.secrets;
  const store = postgresStore(pool, { clientId, sessionKey });
  const auth = authClient({
    ...config,
    ...config.secrets,
    clientId,
    store,
    log,
    // The identity provider registers clients and changes rights, asked on behalf of the administrator.
    scope: `openid ${MANAGE_CLIENTS} ${MANAGE_DIRECTORY}`,
    resource: `${config.issuer}/api`,
  });
  const { accessToken } = auth;
  const api = createProviderApi({ url: providerApi });
  const directory = { pool, management: createDirectoryManagement(api), accessToken };
  return createRelyingPartyApp({
    manifest,
    nav: [
      { href: '/people', title: 'People' },
      { href: '/departments', title: 'Departments' },
      { href: '/apps', title: 'Apps' },
      { href: '/clients', title: 'Clients' },
      { href: '/deliveries', title: 'Sign-outs', roles: ['administrator'] },
      { href: '/audit', title: 'Audit' },
    ],
    config,
    log,
    auth,
    guard: routeGuard(),
    routes: [
      ...peopleRoutes({ pool }),
      ...inviteRoutes({ management: createPeopleManagement(api), accessToken }),
      ...actionRoutes({ pool }),
      ...appRoutes({ pool }),
      ...clientRoutes({ pool }),
      ...postRoutes(directory),
      ...departmentRoutes(directory),
      ...ruleRoutes(directory),
      ...clientChangeRoutes({ pool, management: createClientManagement(api), accessToken }),
      ...deliveryRoutes({ pool }),
      ...auditRoutes({ pool }),
    ],
    views: [import.meta.dirname],
  });
}
