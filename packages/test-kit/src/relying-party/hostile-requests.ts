import type { DeclaredRoute } from '@gatehouse/web';
import type { Browser } from '../browser.ts';
import { nameOf } from './routes.ts';

/** Percent-encoded, as they stand in a path, a query or a form. */
const texts = [
  '%00',
  'a%00b',
  '%ff',
  '%ED%A0%80',
  '%C0%AF',
  '%',
  "'%22%3C%3E;--",
  '%EF%BF%BE',
  '-1',
  '99999999999999999999',
];

/**
 * What no person sends and every scanner does, at one route: odd characters in the path, the query and each field,
 * fields given twice, names that objects have, and bodies that are none.
 *
 * @param fields names of the app's own fields
 * @param token of a form
 * @returns the requests that the app failed on, by name and status: none, where all of them got an answer
 */
export async function failuresOf(
  browser: Browser,
  url: string,
  route: Pick<DeclaredRoute, 'method' | 'path'>,
  { fields, token }: { fields: readonly string[]; token: string },
): Promise<string[]> {
  const failures: string[] = [];
  const method = route.method.toUpperCase();
  const names = [...fields, '__proto__', 'constructor', 'a[b]', '%00'];
  const ask = async (what: string, path: string, more: { body?: string; type?: string } = {}) => {
    const headers = { 'content-type': more.type ?? 'application/x-www-form-urlencoded', 'x-csrf-token': token };
    const answer = await browser.fetch(`${url}${path}`, {
      method,
      headers,
      ...(more.body !== undefined && { body: more.body }),
    });
    // 503 says that something else is away, as it is in tests.
    if (answer.status >= 500 && answer.status !== 503) failures.push(`${nameOf(route)} with ${what}: ${answer.status}`);
  };
  const pathWith = (text: string) => route.path.replaceAll(/[{}]/g, '').replaceAll(/[:*]\w+/g, text);
  const plain = pathWith('1');
  for (const text of texts) {
    if (plain !== route.path) await ask(`${text} in the path`, pathWith(text));
    const query = names.map((name) => `${name}=${text}`).join('&');
    await ask(`${text} in the query`, `${plain}?${query}`);
    if (route.method === 'get') continue;
    await ask(`${text} in every field`, plain, { body: query });
  }
  const twice = names.flatMap((name) => [`${name}=1`, `${name}=2`]).join('&');
  await ask('every field twice in the query', `${plain}?${twice}`);
  if (route.method === 'get') return failures;
  await ask('every field twice', plain, { body: twice });
  await ask('no body', plain);
  await ask('JSON', plain, { body: '{"a":"\\u0000\\ud800"}', type: 'application/json' });
  await ask('half a multipart form', plain, {
    body: '--x\r\nContent-Disposition: form',
    type: 'multipart/form-data; boundary=x',
  });
  await ask('a multipart form without boundary', plain, { body: 'x', type: 'multipart/form-data' });
  return failures;
}
