import { Browser } from './browser.ts';
import { benchPassword } from './hash-cost.ts';
import type { BenchApp } from './system.ts';

/** From the app's login page through the provider's form to the redirect that the app's callback answers with. */
export async function signIn(app: BenchApp, login: string): Promise<Browser> {
  const browser = new Browser();
  const page = await browser.visit(app.url + app.loginPath);
  await browser.submit(page, { login, password: benchPassword }, { stopBefore: `${app.url}/` });
  return browser;
}

/** The same for somebody whom the provider knows already: redirects only. */
export async function hop(browser: Browser, app: BenchApp): Promise<void> {
  const page = await browser.visit(app.url + app.loginPath, { stopBefore: `${app.url}/` });
  if (page.status < 300) throw new Error(`The hop to ${app.url} ended on a page: ${page.url}`);
}

/** Signed-in requests for one page, eight at a time. */
export async function request(browser: Browser, url: string, count: number): Promise<void> {
  const headers = { accept: 'text/html', cookie: await browser.cookieHeader(url) };
  let left = count;
  const client = async () => {
    while (left-- > 0) {
      const response = await fetch(url, { headers, redirect: 'manual' });
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
}
