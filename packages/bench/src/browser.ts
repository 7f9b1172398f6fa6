import { load } from 'cheerio';
import { CookieJar } from 'tough-cookie';

export interface Page {
  url: string;
  status: number;
  html: string;
}

/** A browser without a screen: keeps cookies, follows redirects, fills in the one form of a page. */
export class Browser {
  readonly #cookies = new CookieJar(undefined, { allowSpecialUseDomain: true, rejectPublicSuffixes: false });

  /**
   * Follows redirects, but not to an address that starts with `stopBefore`: there it stops without visiting it.
   * @throws where a page is no page (status 400 and above)
   */
  async visit(url: string, { stopBefore, form }: { stopBefore?: string; form?: URLSearchParams } = {}): Promise<Page> {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form ?? null,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: await this.#cookies.getCookieString(url),
        ...(form && { origin: new URL(url).origin }),
      },
    });
    for (const cookie of response.headers.getSetCookie()) await this.#cookies.setCookie(cookie, url);
    const html = await response.text();
    if (response.status >= 400) throw new Error(`${url} answered ${response.status}: ${html.slice(0, 500)}`);
    const location = response.headers.get('location');
    if (location === null) return { url, status: response.status, html };
    const next = new URL(location, url).href;
    if (stopBefore !== undefined && isBelow(next, stopBefore)) return { url: next, status: response.status, html };
    return this.visit(next, stopBefore === undefined ? {} : { stopBefore });
  }

  /** Sends the form with the password field on this page, hidden fields included. */
  async submit(page: Page, fields: Record<string, string>, options: { stopBefore?: string } = {}): Promise<Page> {
    const $ = load(page.html);
    const element = $('form:has(input[type=password])');
    if (element.length !== 1) throw new Error(`${page.url} is no sign-in page: ${page.html.slice(0, 500)}`);
    const form = new URLSearchParams(
      element.serializeArray().map(({ name, value }): [string, string] => [name, value]),
    );
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return this.visit(new URL(element.attr('action') ?? '', page.url).href, { ...options, form });
  }

  /** The Cookie header for this address, for a client that does nothing but repeat one request. */
  cookieHeader(url: string): Promise<string> {
    return this.#cookies.getCookieString(url);
  }
}

/** Whether the address is the landing page of the app and not, say, its callback. */
const isBelow = (url: string, landing: string) => new URL(url).origin + new URL(url).pathname === landing;
