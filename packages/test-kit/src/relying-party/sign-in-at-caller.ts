import { randomUUID } from 'node:crypto';
import { writeSignIn } from './sign-ins.ts';
import type { RunningRelyingParty } from './start-relying-party.ts';

/** Another app with a person signed in to it, which calls the API of the app under test for them. */
export interface CallingApp {
  personId: string;
  sessionUid: string;
  /** Sends `body` as JSON by POST, or GETs; with an access token for `scope`, changed by `claims`. */
  send(path: string, scope: string, body?: object, claims?: Record<string, unknown>): Promise<Response>;
}

/** Signs a demo person in to Finance, by login name. */
export async function signInAtCaller(rp: RunningRelyingParty, login: string): Promise<CallingApp> {
  const personId = await rp.db.personId(login);
  const signIn = { sessionUid: randomUUID(), sid: randomUUID(), clientId: 'finance', personId };
  await writeSignIn(rp.db.owner, signIn);
  const { clientId, sid, sessionUid } = signIn;
  return {
    personId,
    sessionUid,
    async send(path, scope, body, claims = {}) {
      const right = { sub: personId, aud: `${rp.url}/api`, client_id: clientId, sid, scope, jti: randomUUID() };
      const authorization = `Bearer ${await rp.provider.accessToken({ ...right, ...claims })}`;
      const headers = { authorization, 'content-type': 'application/json' };
      return fetch(`${rp.url}${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
    },
  };
}
