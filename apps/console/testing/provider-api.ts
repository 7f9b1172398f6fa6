import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { peopleApiRoutes } from '@gatehouse/accounts/api';
import { bearer, routeGuard } from '@gatehouse/auth-client';
import { tokenCounts } from '@gatehouse/auth-client/postgres';
import { clientApiRoutes, MANAGE_CLIENTS } from '@gatehouse/clients/api';
import { directoryApiRoutes, MANAGE_DIRECTORY } from '@gatehouse/directory/api';
import { createSealer } from '@gatehouse/encryption';
import { connect } from '@gatehouse/prisma';
import type { RunningRelyingParty } from '@gatehouse/test-kit/relying-party';
import { createLog, errorHandler, mountRoutes, requestId } from '@gatehouse/web';
import express, { type Express, type Request } from 'express';

export interface ProviderApi {
  url: string;
  /** Answers from now on, for people signed in at this app. */
  serve(rp: RunningRelyingParty): Promise<void>;
  /** Answers no more. */
  away(): void;
  close(): Promise<void>;
}

/**
 * The identity provider's API as the provider mounts it, with its database login, where there is only a test provider.
 */
export async function startProviderApi(): Promise<ProviderApi> {
  let app: Express | undefined;
  let disconnect: (() => Promise<void>) | undefined;
  const server = createServer((req, res) => (app ? app(req, res) : res.writeHead(503).end()));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/api`,
    async serve(rp) {
      const { pool, close } = connect(rp.db.urlFor('identity-provider'), { applicationName: 'provider-api' });
      disconnect = close;
      const { issuer } = rp.provider;
      const audience = `${issuer}/api`;
      await rp.db.owner.query(
        "INSERT INTO directory.api_permission SELECT $1, scope, 'console' FROM unnest($2::text[]) scope",
        [audience, [MANAGE_CLIENTS, MANAGE_DIRECTORY]],
      );
      const guard = routeGuard({
        bearer: (scope) => bearer({ issuer, audience, scope, isLive: tokenCounts(pool) }),
      });
      const sealer = createSealer(rp.db.encryptionKey);
      const actorOf = (req: Request) => req.caller!.personId;
      const routes = [
        ...clientApiRoutes({ db: pool, sealer, production: false, actorOf }),
        ...directoryApiRoutes({ db: pool, actorOf }),
        // As where no mail is sent.
        ...peopleApiRoutes({
          db: pool,
          actorOf,
          sendInvitation: ({ token }) => `${issuer}/set-password?token=${token}`,
        }),
      ];
      app = express();
      app.use(
        requestId(),
        mountRoutes(routes, { guard }),
        errorHandler(createLog({ name: 'provider-api', level: 'silent' })),
      );
    },
    away() {
      app = undefined;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await disconnect?.();
    },
  };
}
