import { createOneTimeLink } from '@gatehouse/accounts';
import { type Answer, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
afterAll(() => running.stop());

const linkFor = async (login: string) => {
  const personId = await running.db.personId(login);
  const token = await createOneTimeLink(running.pool, { personId, purpose: 'invitation' });
  return `${running.issuer}/set-password?token=${token}`;
};
const titleOf = (page: Answer) => load(page.body)('h1').text();

const choose = (browser: ReturnType<typeof createBrowser>, page: Answer, password: string, repeated = password) => {
  const html = load(page.body);
  const hidden = (name: string) => String(html(`[name=${name}]`).val());
  return browser.submit(`${running.issuer}/set-password`, {
    _csrf: hidden('_csrf'),
    token: hidden('token'),
    password,
    repeated,
  });
};

it('S40 S45 lets the person whom the link is for choose a password, once', async () => {
  const browser = createBrowser();
  const link = await linkFor('lena.novak');
  const page = await browser.visit(link);
  expect(titleOf(page)).toBe('Choose your password');
  expect(page.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
  expect(load(page.body)('[name=password]').attr('autocomplete')).toBe('new-password');
  expect(titleOf(await choose(browser, page, 'correct horse battery staple'))).toBe('Your password is set');
  const again = await choose(browser, page, 'correct horse battery staple');
  expect(again.status).toBe(410);
  expect(load(again.body)('main').text()).toContain('the password that was chosen then counts');
  expect(load(again.body)('main a.button').first().attr('href')).toBe('/');
  expect(titleOf(again)).toBe('This link no longer works');
});

it('S38 says at the field why a password is refused, and lets the person try again', async () => {
  const browser = createBrowser();
  const page = await browser.visit(await linkFor('dev.patel'));
  const refused = await choose(browser, page, 'Password1!Password1!');
  expect(refused.status).toBe(422);
  expect(load(refused.body)('#field-password-error').text()).toMatch(/easy to guess|tried first/);
  const different = await choose(browser, refused, 'correct horse battery staple', 'correct horse');
  expect(load(different.body)('#field-repeated-error').text()).toContain('not the same');
  expect(titleOf(await choose(browser, different, 'correct horse battery staple'))).toBe('Your password is set');
});

it('S21 refuses a form without the token of its link', async () => {
  const browser = createBrowser();
  const page = await browser.visit(await linkFor('uma.iyer'));
  const other = await browser.visit(await linkFor('zoe.hartley'));
  const mixed = await browser.submit(`${running.issuer}/set-password`, {
    _csrf: String(load(other.body)('[name=_csrf]').val()),
    token: String(load(page.body)('[name=token]').val()),
    password: 'correct horse battery staple',
    repeated: 'correct horse battery staple',
  });
  expect(mixed.status).toBe(403);
});
