import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../testing.ts';

let rp: RunningRelyingParty;
let tomas: Visitor, amelia: Visitor;

beforeAll(async () => {
  rp = await startRelyingParty(relyingParty);
  tomas = await signInAs(rp, 'tomas.reyes');
  amelia = await signInAs(rp, 'amelia.hart');
});

afterAll(() => rp?.close());

const text = (html: string, selector = 'main') => load(html)(selector).text().replace(/\s+/g, ' ').trim();

describe('the staff directory', () => {
  it('finds people by name or post', async () => {
    const names = async (search: string) =>
      load((await tomas.open(`/people?search=${encodeURIComponent(search)}`)).body)('tbody a[href^="/people/"]')
        .map((_, link) => load(link).text())
        .get();
    expect(await names('abara')).toEqual(['Ruth Abara']);
    expect(await names('head of finance')).toEqual(['Grace Lindqvist']);
    expect(await names('100%')).toEqual([]);
  });

  it('S71c takes a search for words, whatever stands in it', async () => {
    for (const query of [
      "?search='; DROP TABLE person;--",
      '?search[contains]=a',
      '?search=a&search=b',
      '?page=-1&search=%00',
    ]) {
      expect((await tomas.open(`/people${encodeURI(query)}`)).status).toBe(200);
    }
  });

  it('shows post, department and manager, and no leave to colleagues', async () => {
    const page = (await tomas.open(`/people/${await rp.db.personId('zoe.hartley')}`)).body;
    expect(text(page)).toContain('Finance Assistant, Finance');
    expect(text(page)).toContain('Grace Lindqvist');
    expect(text(page)).not.toContain('Annual leave');
  });

  it('does not know leavers, nor what is no id', async () => {
    expect((await tomas.open(`/people/${await rp.db.personId('victor.stone')}`)).status).toBe(404);
    expect((await tomas.open('/people/1')).status).toBe(404);
  });
});

describe('the entitlement', () => {
  it('is set by an officer and counts at once', async () => {
    const path = `/people/${tomas.personId}`;
    expect((await amelia.send(`${path}/entitlement`, { days: '30' })).status).toBe(200);
    expect(text((await tomas.open(path)).body)).toContain('Entitlement30 days');
  });

  it('keeps what was typed when it is no number of days', async () => {
    const answer = await amelia.send(`/people/${tomas.personId}/entitlement`, { days: '2.5' });
    expect(answer.status).toBe(422);
    expect(text(answer.body, '#field-days-error')).toContain('Enter whole days');
    expect(load(answer.body)('#field-days').val()).toBe('2.5');
  });

  it("is neither one's own to set nor an employee's", async () => {
    expect((await amelia.send(`/people/${amelia.personId}/entitlement`, { days: '40' })).status).toBe(403);
    expect((await tomas.send(`/people/${tomas.personId}/entitlement`, { days: '40' })).status).toBe(403);
    expect(load((await tomas.open(`/people/${tomas.personId}`)).body)('main form')).toHaveLength(0);
  });
});
