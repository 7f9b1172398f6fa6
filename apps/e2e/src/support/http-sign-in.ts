import { demoPassword } from '@gatehouse/prisma/seed';
import type { Answer, Browser } from '@gatehouse/test-kit/browser';

/** Sends the sign-in form of the page, as a browser without scripts would. */
export async function submitSignIn(http: Browser, page: Answer, login: string): Promise<Answer> {
  const form = page.body.match(/<form[^>]*action="([^"]+\/sign-in\?[^"]+)"[^]*?name="_csrf" value="([^"]+)"/);
  if (!form) throw new Error(`${page.url} has no sign-in form:\n${page.body}`);
  const [, action = '', token = ''] = form;
  return http.submit(new URL(action, page.url).href, { _csrf: token, login, password: demoPassword });
}
