import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../testing.ts';

let rp: RunningRelyingParty;
let zoe: Visitor, dev: Visitor, eleanor: Visitor;

beforeAll(async () => {
  rp = await startRelyingParty(relyingParty);
  zoe = await signInAs(rp, 'zoe.hartley');
  dev = await signInAs(rp, 'dev.patel');
  eleanor = await signInAs(rp, 'eleanor.vance');
});

afterAll(() => rp?.close());

const asset = (tag: string, change: Record<string, string> = {}) => ({
  tag,
  kind: 'laptop',
  model: 'Dell Latitude 7450',
  serialNumber: '',
  ...change,
});

async function registered(tag: string): Promise<string> {
  const answer = await dev.send('/assets/new', asset(tag));
  expect(answer.status).toBe(200);
  return new URL(answer.url).pathname;
}

const text = (html: string, selector = 'main') => load(html)(selector).text().replace(/\s+/g, ' ').trim();
const eventsOf = async (path: string) =>
  (
    await rp.db.owner.query(`SELECT type FROM audit.event WHERE detail->>'asset' = $1 ORDER BY id`, [
      path.split('/').at(-1),
    ])
  ).rows.map(({ type }) => type.replace('app.service-desk.', ''));

describe('registering an asset', () => {
  it('says at the field what is wrong and keeps what was typed', async () => {
    const answer = await dev.send('/assets/new', asset('412', { model: 'A <b>model</b>' }));
    expect(answer.status).toBe(422);
    expect(text(answer.body, '#field-tag-error')).toContain('A tag is HC-');
    expect(load(answer.body)('#field-model').val()).toBe('A <b>model</b>');
  });

  it('takes a tag once, even when it is sent twice at once', async () => {
    const answers = await Promise.all([1, 2].map(() => dev.send('/assets/new', asset('HC-0500'))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422]);
    expect(text(answers.find(({ status }) => status === 422)?.body ?? '', '#field-tag-error')).toContain(
      'registered already',
    );
  });

  it('is found by tag or model', async () => {
    await registered('HC-0600');
    const tags = async (search: string) =>
      load((await dev.open(`/assets?search=${encodeURIComponent(search)}`)).body)('tbody a')
        .map((_, link) => load(link).text())
        .get();
    expect(await tags('hc-06')).toEqual(['HC-0600']);
    expect(await tags('latitude')).toContain('HC-0600');
    expect(await tags('%')).toEqual([]);
  });
});

describe('handing an asset over', () => {
  it('goes by name or login name, and back into store', async () => {
    const path = await registered('HC-0700');
    expect((await dev.send(`${path}/assign`, { holder: 'zoe hartley', from: '' })).status).toBe(200);
    expect(text((await dev.open(path)).body, '.details')).toMatch(/Held by\s*Zoe Hartley/);
    expect(text((await zoe.open('/tickets/new')).body)).toContain('HC-0700, Dell Latitude 7450');
    expect((await dev.send(`${path}/assign`, { holder: '', from: zoe.personId })).status).toBe(200);
    expect(text((await dev.open(path)).body)).toContain('in store');
    expect(await eventsOf(path)).toEqual(['asset_registered', 'asset_assigned', 'asset_assigned']);
  });

  it('asks again when the name is nobody or could be several, and does not know leavers', async () => {
    const path = await registered('HC-0701');
    for (const [holder, error] of [
      ['nobody at all', 'Nobody of this name works here'],
      ['victor.stone', 'Nobody of this name works here'],
      ['clerk', 'Enter the login name'],
    ] as const) {
      const answer = await dev.send(`${path}/assign`, { holder, from: '' });
      expect([answer.status, text(answer.body, '#field-holder-error')]).toEqual([422, expect.stringContaining(error)]);
      expect(load(answer.body)('#field-holder').val()).toBe(holder);
    }
  });

  it('is won by one of two who hand it over from the same page', async () => {
    const path = await registered('HC-0702');
    const answers = await Promise.all(
      ['zoe.hartley', 'dev.patel'].map((holder) => dev.send(`${path}/assign`, { holder, from: '' })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const [loser, winner] = answers[0]!.status === 409 ? ['zoe.hartley', dev.personId] : ['dev.patel', zoe.personId];
    const late = load(answers.find(({ status }) => status === 409)!.body);
    expect(late('.error-summary').text()).toContain('just before you');
    expect([late('#field-holder').val(), late('[name=from]').val()]).toEqual([loser, winner]);
  });

  it('lets a ticket be about it for its holder only', async () => {
    const path = await registered('HC-0703');
    const assetId = path.split('/').at(-1) ?? '';
    const ticket = { title: 'Broken', description: 'Dark screen', priority: 'high', assetId };
    expect((await zoe.send('/tickets', ticket)).status).toBe(422);
    await dev.send(`${path}/assign`, { holder: 'zoe.hartley', from: '' });
    expect((await zoe.send('/tickets', ticket)).status).toBe(200);
    expect(text((await dev.open(path)).body)).toContain('Broken');
  });
});

it('keeps the register from requesters, and shows it to auditors without buttons', async () => {
  const path = await registered('HC-0800');
  for (const each of ['/assets', path]) expect((await zoe.open(each)).status).toBe(403);
  expect(load((await eleanor.open('/assets')).body)('main a.button')).toHaveLength(0);
  expect(load((await eleanor.open(path)).body)('main form')).toHaveLength(0);
  expect((await eleanor.send('/assets/new', asset('HC-0801'))).status).toBe(403);
  expect((await eleanor.send(`${path}/assign`, { holder: 'dev.patel', from: '' })).status).toBe(403);
});
