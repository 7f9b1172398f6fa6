import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../testing/read-page.ts';
import { relyingParty } from '../../testing/relying-party.ts';

let rp: RunningRelyingParty;
let noor: Visitor;
let ruth: Visitor;
beforeAll(async () => {
  rp = await startRelyingParty(relyingParty);
  noor = await signInAs(rp, 'noor.haddad');
  ruth = await signInAs(rp, 'ruth.abara');
});
afterAll(() => rp.close());

const namesOf = (body: string) => {
  const html = load(body);
  return html('tbody th a')
    .map((_, link) => html(link).text())
    .get();
};

describe('the list of people', () => {
  it('shows name, login, designations, status and last sign-in', async () => {
    const { body } = await noor.open('/people?search=tomas.reyes');
    expect(namesOf(body)).toEqual(['Tomas Reyes']);
    expect(textOf(body)).toMatch(/Tomas Reyes tomas\.reyes Finance Clerk active Never/);
  });

  it('finds by designation and by status, and keeps what was searched for', async () => {
    const { body } = await noor.open('/people?search=Finance+Clerk&status=active');
    expect(namesOf(body)).toContain('Tomas Reyes');
    expect(namesOf(body)).not.toContain('Victor Stone');
    expect(load(body)('[name=search]').val()).toBe('Finance Clerk');
    expect(namesOf((await noor.open('/people?status=disabled')).body)).toEqual(['Victor Stone']);
    expect(textOf((await noor.open('/people?search=xyzzy')).body)).toContain('Nobody found');
  });

  it('is shown in pages', async () => {
    const first = await noor.open('/people');
    expect(namesOf(first.body)).toHaveLength(25);
    const next = load(first.body)('a[rel=next]').attr('href') ?? '';
    const second = await noor.open(next);
    expect(namesOf(second.body)).not.toContain(namesOf(first.body)[0]);
  });

  it('S71c takes nothing but text, known states and page numbers from the address', async () => {
    const query = 'search[contains]=x&search=%25&search=_&status=admin&page=-1&page=x';
    expect((await noor.open(`/people?${query}`)).status).toBe(200);
    expect(namesOf((await noor.open('/people?search=%25')).body)).toEqual([]);
  });
});

describe('the page of a person', () => {
  it('shows appointments, and for each role the rule that gives it', async () => {
    const { body } = await noor.open(`/people/${await rp.db.personId('samuel.price')}`);
    expect(textOf(body)).toMatch(/Human Resources \S+.* as Head of Human Resources/);
    expect(textOf(body)).toContain('Head of Human Resources Human Resources, since');
  });

  it('shows live sessions and the history from the audit', async () => {
    const { body } = await noor.open(`/people/${ruth.personId}`);
    expect(load(body)('#sessions').parent().text()).toMatch(/Console\s*Since .*, until .* at the latest/);
    expect(load(body)('.timeline')).not.toHaveLength(0);
  });

  it('answers 404 for nobody and for nonsense', async () => {
    expect((await noor.open('/people/00000000-0000-4000-8000-000000000000')).status).toBe(404);
    expect((await noor.open("/people/1' OR '1'='1")).status).toBe(404);
  });

  it('S69 shows an auditor everything and no button', async () => {
    const { body } = await ruth.open(`/people/${await rp.db.personId('tomas.reyes')}`);
    expect(textOf(body)).toContain('Finance Clerk');
    expect(load(body)('main form, main a.button')).toHaveLength(0);
    const forbidden = await ruth.send(`/people/${await rp.db.personId('tomas.reyes')}/disable`, { reason: 'x' });
    expect(forbidden.status).toBe(403);
  });
});
