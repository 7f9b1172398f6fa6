import { type Answer, type Browser, createBrowser } from '@gatehouse/http-browser';

export interface Person {
  login: string;
  password: string;
}

export interface Outcome {
  /** Where the way ended: the page that was asked for, or the page that says why it does not open for this person. */
  location: string;
  /** What the servers on the way gave the browser, as Set-Cookie lines in their order. */
  cookies: string[];
}

/**
 * Signs whoever is signed in out, and signs the person in, by the pages and forms that people use.
 *
 * @param page the address to come back to
 * @param cookieHeader the cookies of the browser for which this is done
 */
export async function become(page: string, person: Person, cookieHeader: string): Promise<Outcome> {
  const cookies: string[] = [];
  const browser = createBrowser(undefined, (line) => cookies.push(line));
  for (const cookie of cookieHeader.split(';').filter(Boolean)) await browser.plant(`${cookie.trim()}; Path=/`, page);
  try {
    const first = await browser.visit(page);
    await submitForm(browser, first, signOutForm, {});
    const signIn = await browser.visit(page);
    const end = (await submitForm(browser, signIn, signInForm, { ...person })) ?? signIn;
    return { location: end.url, cookies };
  } finally {
    browser.close();
  }
}

const signOutForm = 'header form[method=post]';
const signInForm = 'form:has(input[type=password])';

/** @returns undefined where the page has no such form */
async function submitForm(
  browser: Browser,
  page: Answer,
  selector: string,
  fields: Record<string, string>,
): Promise<Answer | undefined> {
  // Loaded only now: the launcher starts without it.
  const { load } = await import('cheerio');
  const form = load(page.body)(selector).first();
  if (form.length === 0) return undefined;
  const given = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
  return browser.submit(new URL(form.attr('action') ?? '', page.url).href, { ...given, ...fields });
}
