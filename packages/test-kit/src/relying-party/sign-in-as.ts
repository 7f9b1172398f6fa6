import { type Answer, type Browser, createBrowser, type Visit } from '../browser.ts';
import type { RunningRelyingParty } from './start-relying-party.ts';

/** Somebody with an app open in their browser. */
export interface Visitor {
  personId: string;
  browser: Browser;
  /** Opens a page of the app by its path. */
  open(path: string): Promise<Answer>;
  /** Sends a form as a page of the app would, with its token, and follows where it leads. */
  send(path: string, form?: Record<string, string>, visit?: Visit): Promise<Answer>;
  /** The token that forms of this visitor carry. */
  formToken(): Promise<string>;
}

/** Signs a demo person in to a running app, by login name. */
export async function signInAs(rp: RunningRelyingParty, login: string): Promise<Visitor> {
  const personId = await rp.db.personId(login);
  const browser = createBrowser();
  rp.provider.person = { sub: personId };
  const front = await browser.visit(`${rp.url}/`);
  if (front.status !== 200) throw new Error(`${login} cannot open ${rp.clientId}: ${front.status} at ${front.url}`);

  const formToken = async () => {
    const { body } = await browser.visit(`${rp.url}/`);
    return /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
  };
  return {
    personId,
    browser,
    formToken,
    open: (path) => browser.visit(`${rp.url}${path}`),
    send: async (path, form = {}, visit = {}) =>
      browser.submit(`${rp.url}${path}`, { _csrf: await formToken(), ...form }, visit),
  };
}
