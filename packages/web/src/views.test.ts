import { join } from 'node:path';
import { type CheerioAPI, load } from 'cheerio';
import supertest from 'supertest';
import { expect, it } from 'vitest';
import { grace, type TestAppOptions, testApp } from './testing/test-app.ts';

const views = [join(import.meta.dirname, 'testing', 'views')];
const nav = [
  { href: '/', title: 'My claims' },
  { href: '/claims', title: 'All claims', roles: ['clerk'] },
  { href: '/approve', title: 'To approve', roles: ['approver'] },
];

async function render(view: string, data: object, options: TestAppOptions = {}, path = '/'): Promise<CheerioAPI> {
  const app = testApp([(_req, res) => res.render(view, data)], {
    views,
    nav,
    issuer: 'http://localhost:4000',
    ...options,
  });
  const { text } = await supertest(app).get(path).accept('html').expect(200);
  return load(text);
}
const texts = ($: CheerioAPI, selector: string) =>
  $(selector)
    .map((_, element) => $(element).text().trim())
    .get();

it('C26 offers exactly the apps that the person may open, marks the present one, and links to all of them', async () => {
  const $ = await render('page', {}, { auth: grace });
  expect(texts($, '.menu-list a')).toEqual(['Finance', 'Service Desk']);
  expect(texts($, '.menu-list [aria-current]')).toEqual(['Finance']);
  expect($('.menu-panel .menu-footer').attr('href')).toBe('http://localhost:4000/');
});

it('C53 has a search in the menu of apps for whoever has many, and none for whoever has few', async () => {
  const apps = Array.from({ length: 40 }, (_, n) => ({
    clientId: `app-${n}`,
    title: `App ${n}`,
    url: 'http://localhost',
  }));
  const many = await render('page', {}, { auth: { ...grace, apps } });
  const form = many('.menu-panel form[role=search]');
  expect([form.attr('method'), form.attr('action')]).toEqual(['get', 'http://localhost:4000/']);
  expect(form.find('input[name=search]').attr('aria-label')).toBe('Search your apps');
  expect((await render('page', {}, { auth: grace }))('form[role=search]')).toHaveLength(0);
});

it('says who is signed in with which roles, and signs out by a form with its token', async () => {
  const $ = await render('page', { csrfToken: 'token' }, { auth: grace });
  expect($('.menu-person').text()).toMatch(/Grace Okafor[^]*In Finance: Clerk/);
  const form = $('form[action="/auth/logout"]');
  expect([form.attr('method'), form.find('[name=_csrf]').val()]).toEqual(['post', 'token']);
});

it('shows links for the roles that the person has, and marks where they are', async () => {
  const $ = await render('page', {}, { auth: grace }, '/claims/7');
  expect(texts($, '.tabs a')).toEqual(['My claims', 'All claims']);
  expect(texts($, '.tabs [aria-current]')).toEqual(['All claims']);
});

it('shows neither menus nor links to somebody signed out', async () => {
  for (const view of ['page', 'plain']) {
    const $ = await render(view, {});
    expect($('.menu, .tabs').length).toBe(0);
    expect($('h1').length).toBe(1);
  }
});

it('shows a wrong form again: faults on top and at the field, what was typed, but no password', async () => {
  const values = { title: 'Taxi', kind: 'travel', centre: '2', note: 'late', pin: '1234' };
  const $ = await render('page', { values, errors: { title: 'Say more', kind: 'Choose another' } }, { auth: grace });
  expect($('title').text()).toMatch(/^Error: New claim · Finance · Harbour Council/);
  expect(texts($, '.error-summary a')).toEqual(['Say more', 'Choose another']);
  for (const link of $('.error-summary a').get()) expect($($(link).attr('href') ?? '').length).toBe(1);
  const title = $('#field-title');
  expect([title.val(), title.attr('aria-invalid')]).toEqual(['Taxi', 'true']);
  expect(title.attr('aria-describedby')).toBe('field-title-hint field-title-error');
  expect($('#field-title-error').text()).toBe('Error: Say more');
  expect([$('[name=kind]:checked').val(), $('#field-centre').val(), $('#field-note').val()]).toEqual([
    'travel',
    '2',
    'late',
  ]);
  expect($('#field-pin').attr('value')).toBeUndefined();
});

it('shows the message of what was just done, and none that a page does not know', async () => {
  expect(texts(await render('page', {}, {}, '/?done=sent'), '[role=status]')).toEqual(['Your claim is sent.']);
  for (const done of ['other', 'toString', '__proto__']) {
    expect(texts(await render('page', {}, {}, `/?done=${done}`), '[role=status]')).toEqual([]);
  }
});

it('S29 escapes names, messages and what was typed', async () => {
  const script = '"><script>alert(1)</script>';
  const auth = {
    ...grace,
    person: { ...grace.person, name: script },
    apps: [{ clientId: 'x', title: script, url: script }],
  };
  const $ = await render('page', { values: { title: script, note: script }, errors: { title: script } }, { auth });
  expect($('script:not([src])').length).toBe(0);
  expect($('#field-title').val()).toBe(script);
});

it('names the organisation, wears the accent of its app and loads nothing from elsewhere', async () => {
  const $ = await render(
    'page',
    {},
    {
      organisation: { name: 'Port Authority', timeZone: 'Europe/Lisbon' },
      manifest: { clientId: 'x', title: 'X', accent: 'plum' },
    },
  );
  expect($('.brand-organisation').text()).toBe('Port Authority');
  expect($('html').attr('data-accent')).toBe('plum');
  const addresses = $('[src], link[href]')
    .map((_, element) => $(element).attr('src') ?? $(element).attr('href'))
    .get();
  for (const address of addresses) expect(address).toMatch(/^\/assets\/[\w-]+\.[\w-]{10}\.(?:css|js|svg)$/);
});
