import type { RunningRelyingParty, Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsoleWithApi } from '../../testing/console-with-api.ts';
import { errorAt } from '../../testing/read-page.ts';

let rp: RunningRelyingParty, noor: Visitor, ruth: Visitor, close: () => Promise<void>;
beforeAll(async () => {
  ({ rp, noor, ruth, close } = await startConsoleWithApi());
});
afterAll(() => close());

const newcomer = { givenName: 'Ines', familyName: 'Rocha', login: 'ines.rocha', email: 'ines@harbour.example' };
const people = async (login: string) =>
  (await rp.db.owner.query('SELECT id, name, email FROM directory.person WHERE login = $1', [login])).rows;

describe('inviting somebody', () => {
  it('makes a person without any right, tells their link once, and records who did', async () => {
    const answer = await noor.send('/new-person', newcomer);
    expect(load(answer.body)('#link').text()).toMatch(/\/set-password\?token=/);
    const [ines] = await people('ines.rocha');
    expect(ines).toMatchObject({ name: 'Ines Rocha', email: 'ines@harbour.example' });
    const page = load((await noor.open(`/people/${ines.id}`)).body)('main').text();
    expect(page).toContain('No app that asks for a role opens');
    const { rows } = await rp.db.owner.query(
      "SELECT actor_person_id AS actor FROM audit.event WHERE type = 'person.created' AND subject_person_id = $1",
      [ines.id],
    );
    expect(rows).toEqual([{ actor: noor.personId }]);
  });

  it.each([
    [{ login: ' ' }, 'login', 'Enter a login'],
    [{ login: 'tomas.reyes' }, 'login', 'Somebody has this login, or it is somebody’s e-mail address'],
    [{ email: 'tomas.reyes@harbour.example' }, 'email', 'Somebody has this address, or it is somebody’s login'],
    [{ email: 'nowhere' }, 'email', 'Enter an e-mail address, like zoe@harbour.example'],
    [{ givenName: '', familyName: ' ' }, 'givenName', 'Enter a given name, a family name, or both'],
  ])('says at the field what is wrong with %o, keeps what was typed and makes nobody', async (wrong, field, text) => {
    const form = { ...newcomer, login: 'ines.other', email: 'other@harbour.example', ...wrong };
    const answer = await noor.send('/new-person', form);
    expect([answer.status, errorAt(answer.body, field)]).toEqual([422, text]);
    expect(load(answer.body)('#field-email').val()).toBe(form.email);
    expect(await people('ines.other')).toEqual([]);
  });

  it('S69 is not for an auditor, who is offered no button', async () => {
    expect((await ruth.send('/new-person', { ...newcomer, login: 'by.ruth', email: 'r@harbour.example' })).status).toBe(
      403,
    );
    expect(await people('by.ruth')).toEqual([]);
    const buttons = async (visitor: Visitor) =>
      load((await visitor.open('/people')).body)('a[href="/new-person"]').length;
    expect([await buttons(noor), await buttons(ruth)]).toEqual([1, 0]);
  });
});
