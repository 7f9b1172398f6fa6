import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createSealer } from '@gatehouse/encryption';
import type { TestDatabase } from '@gatehouse/test-kit';

export interface AppElsewhere {
  url: string;
  /** Logout tokens that arrived, in order. */
  tokens: string[];
  /** How it answers from now on. Default 200. */
  answerWith(answer: (res: ServerResponse, req: IncomingMessage) => void): void;
  close(): Promise<void>;
}

/** An address that takes logout tokens, at any path. */
export async function listenForLogouts(): Promise<AppElsewhere> {
  const tokens: string[] = [];
  let answer = (res: ServerResponse, _req: IncomingMessage): unknown => res.end();
  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    tokens.push(new URLSearchParams(await text(req)).get('logout_token') ?? '');
    answer(res, req);
  }
  const server = createServer((req, res) => void take(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    tokens,
    answerWith(next) {
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An app that does not share the database: it listens for logout tokens, and everybody may open it. */
export async function startAppElsewhere(db: TestDatabase, clientId: string): Promise<AppElsewhere> {
  const app = await listenForLogouts();
  const { url } = app;
  await db.owner.query(
    `INSERT INTO directory.app (client_id, title, description, url, access) VALUES ($1, $1, '', $2, 'everyone')`,
    [clientId, url],
  );
  const secret = createSealer(db.encryptionKey).seal(db.clientSecret(clientId), `client_secret:${clientId}`);
  const metadata = {
    redirect_uris: [`${url}/auth/callback`],
    post_logout_redirect_uris: [`${url}/`],
    backchannel_logout_uri: `${url}/logout`,
    backchannel_logout_session_required: true,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['authorization_code'],
    scope: 'openid',
  };
  await db.owner.query(
    `INSERT INTO protocol.client_registration (client_id, metadata, secret, shares_database) VALUES ($1, $2, $3, false)`,
    [clientId, JSON.stringify(metadata), secret],
  );
  return app;
}
