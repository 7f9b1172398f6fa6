import { Agent, type IncomingMessage, request } from 'node:http';
import { type Cookie, CookieJar } from 'tough-cookie';
import { selfPosting } from './self-posting.ts';

export { selfPosting };

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
  /** The address of this answer, after redirects. */
  url: string;
  /** Every address asked for on the way, this one included. */
  visited: string[];
  json<Value = unknown>(): Value;
}

/** Names and values; as pairs where a name occurs more than once. */
export type Form = Record<string, string> | [name: string, value: string][];

export interface Visit {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as a form. */
  form?: Form;
  /** Sent as it is, in place of a form. */
  body?: string;
  /** False to see the first redirect itself. Default is true. */
  follow?: boolean;
}

export interface Browser {
  /** Loads a page as somebody who typed its address would. */
  visit(url: string, visit?: Visit): Promise<Answer>;
  /** Posts a form as the page at the form's own origin would. */
  submit(url: string, form?: Form, visit?: Visit): Promise<Answer>;
  /** Asks as a script of the page would. */
  fetch(url: string, visit?: Visit): Promise<Answer>;
  cookies(url: string): Promise<Cookie[]>;
  /** Keeps a cookie as if `url` had set it; `line` is the value of a Set-Cookie header. */
  plant(line: string, url: string): Promise<void>;
  /** Copies cookies, as a restored or a stolen profile has them. */
  clone(): Browser;
  close(): void;
}

const mostRedirects = 20;
const navigation = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};
const script = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'sec-fetch-site': 'same-origin',
};

/**
 * A browser without a screen: cookies by their rules, redirects, and the headers by which servers tell pages from
 * scripts.
 *
 * @param onCookie told of every Set-Cookie line that a server sends
 * @param proxied origins under https that a proxy answers, and the http origin of the server behind it
 */
export function createBrowser(
  jar: CookieJar = new CookieJar(),
  onCookie?: (line: string) => void,
  proxied: Record<string, string> = {},
): Browser {
  const agent = new Agent({ keepAlive: true });

  async function load(
    url: string,
    { method = 'GET', headers = {}, form, body, follow = true }: Visit,
  ): Promise<Answer> {
    const visited: string[] = [];
    let [currentMethod, payload] = [method, body ?? (form && new URLSearchParams(form).toString())];
    let current = url;
    for (let hop = 0; hop <= mostRedirects; hop++) {
      visited.push(current);
      const incoming = await send(current, currentMethod, headers, payload);
      const location = incoming.message.headers.location;
      const isRedirect = [301, 302, 303, 307, 308].includes(incoming.message.statusCode ?? 0);
      const form = follow && !isRedirect ? selfPosting(incoming.body) : undefined;
      if (form) {
        [current, currentMethod, payload] = [form.action, 'POST', new URLSearchParams(form.fields).toString()];
        continue;
      }
      if (!follow || !isRedirect || location === undefined) return answer(incoming, current, visited);
      current = new URL(location, current).href;
      if (incoming.message.statusCode !== 307 && incoming.message.statusCode !== 308) {
        [currentMethod, payload] = ['GET', undefined];
      }
    }
    throw new Error(`more than ${mostRedirects} redirects: ${visited.join(' → ')}`);
  }

  async function send(url: string, method: string, headers: Record<string, string>, payload?: string) {
    const cookie = await jar.getCookieString(url);
    const { origin, host } = new URL(url);
    const behind = proxied[origin];
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(behind === undefined ? url : url.replace(origin, behind), {
        method,
        agent,
        headers: {
          ...(behind !== undefined && { host, 'x-forwarded-proto': 'https' }),
          ...(payload !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(payload !== undefined && { 'content-length': Buffer.byteLength(payload) }),
          ...(cookie && { cookie }),
          ...headers,
        },
      });
      outgoing.on('response', resolve);
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
    for (const line of message.headers['set-cookie'] ?? []) {
      onCookie?.(line);
      await keep(line, url);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
    return { message, body: Buffer.concat(chunks).toString() };
  }

  /** Chromium drops SameSite=None without Secure; a jar that keeps it would pass what browsers fail. */
  async function keep(line: string, url: string): Promise<void> {
    if (/;\s*samesite=none/i.test(line) && !/;\s*secure/i.test(line)) return;
    await jar.setCookie(line, url, { ignoreError: true });
  }

  return {
    visit: (url, visit = {}) => load(url, { ...visit, headers: { ...navigation, ...visit.headers } }),
    submit: (url, form = {}, visit = {}) =>
      load(url, {
        method: 'POST',
        form,
        ...visit,
        headers: { ...navigation, origin: new URL(url).origin, 'sec-fetch-site': 'same-origin', ...visit.headers },
      }),
    fetch: (url, visit = {}) => load(url, { follow: false, ...visit, headers: { ...script, ...visit.headers } }),
    cookies: (url) => jar.getCookies(url),
    plant: keep,
    clone: () => createBrowser(CookieJar.deserializeSync(jar.serializeSync() ?? ''), onCookie, proxied),
    close: () => agent.destroy(),
  };
}

function answer(incoming: { message: IncomingMessage; body: string }, url: string, visited: string[]): Answer {
  const { message, body } = incoming;
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    body,
    url,
    visited,
    json: <Value>() => JSON.parse(body) as Value,
  };
}
