import { demoPassword } from '@gatehouse/prisma/seed';
import type { Answer, Browser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';

/** Fills in the sign-in page that an answer shows, and goes where that leads, up to the app. */
export async function submitSignIn(browser: Browser, page: Answer, login: string, follow = false): Promise<Answer> {
  const html = load(page.body);
  const form = html('form[method=post]').filter((_, element) => html(element).find('[name=password]').length > 0);
  const action = form.attr('action');
  if (!action) throw new Error(`no sign-in form at ${page.url} (${page.status}): ${page.body.slice(0, 500)}`);
  const answer = await browser.submit(
    new URL(action, page.url).href,
    { _csrf: String(form.find('[name=_csrf]').val()), login, password: demoPassword },
    { follow: false },
  );
  if (answer.status !== 303 || !answer.headers.location) {
    throw new Error(`sign-in as ${login} was answered with ${answer.status}: ${answer.body.slice(0, 500)}`);
  }
  return browser.visit(new URL(answer.headers.location, answer.url).href, { follow });
}

/** Signs a person in at the provider through the launcher. */
export async function signIn(browser: Browser, issuer: string, login: string): Promise<void> {
  const page = await browser.visit(`${issuer}/auth?${launcherRequest(issuer)}`);
  const answer = await submitSignIn(browser, page, login);
  if (!answer.headers.location?.startsWith(`${issuer}/`)) {
    throw new Error(
      `sign-in as ${login} led to ${answer.status} ${answer.headers.location}: ${answer.body.slice(0, 500)}`,
    );
  }
}

const launcherRequest = (issuer: string) =>
  new URLSearchParams({ client_id: 'launcher', response_type: 'none', scope: 'openid', redirect_uri: `${issuer}/` });
