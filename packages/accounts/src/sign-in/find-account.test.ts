import { demoPassword } from '@gatehouse/prisma/seed';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { poolOf } from '../../testing/fixtures.ts';
import { confirmEmailChange } from '../email/confirm-change.ts';
import { requestEmailChange } from '../email/request-change.ts';
import { createFirstAdministrator } from '../first-administrator.ts';
import { invitePerson } from '../invite-person.ts';
import { createPasswordHasher } from '../passwords/hasher.ts';
import { requestReset } from '../passwords/request-reset.ts';
import { authenticate } from './authenticate.ts';

let db: TestDatabase;
let provider: Pool;
let tomas: string;
beforeAll(async () => {
  db = await createTestDatabase();
  provider = poolOf(db, 'identity-provider');
  tomas = await db.personId('tomas.reyes');
});
beforeEach(() => db.owner.query('DELETE FROM credentials.throttle'));
afterAll(async () => {
  await provider.end();
  await db.close();
});

const hasher = createPasswordHasher();
const address = '203.0.113.9';
const signIn = (login: string, password = demoPassword) =>
  authenticate({ pool: provider, hasher }, { login, password, address });
const reset = async (login: string) => (await requestReset(provider, { login, address }))();
const nobody = { givenName: 'Somebody', familyName: 'Else' };

describe('C49 a person is found', () => {
  it.each([
    'tomas.reyes',
    'tomas.reyes@harbour.example',
    ' Tomas.Reyes@Harbour.Example ',
    'ｔｏｍａｓ．ｒｅｙｅｓ＠harbour.example',
    '\u{feff}tomas.\u{200b}reyes@harbour.example\u{200e}',
  ])('by %j, to sign in and for a forgotten password', async (typed) => {
    expect(await signIn(typed)).toMatchObject({ personId: tomas });
    expect(await reset(typed)).toMatchObject({ personId: tomas });
  });

  it('C57 by an internationalised address, in either spelling of its domain', async () => {
    const { personId, email } = await invitePerson(db.owner, {
      ...nobody,
      login: 'jürgen',
      email: 'Jürgen@MÜNCHEN.example',
    });
    expect(email).toBe('jürgen@xn--mnchen-3ya.example');
    for (const typed of ['jürgen@münchen.example', 'ju\u{308}rgen@xn--mnchen-3ya.example', 'JÜRGEN']) {
      expect(await reset(typed)).toMatchObject({ personId });
    }
  });

  it('and has one counter for both names, as nobody has for what is nobody’s', async () => {
    for (let guess = 0; guess < 3; guess++) await signIn('tomas.reyes', 'wrong').catch(() => {});
    for (let guess = 0; guess < 2; guess++) await signIn('tomas.reyes@harbour.example', 'wrong').catch(() => {});
    for (const typed of ['tomas.reyes', 'Tomas.Reyes@harbour.example']) {
      await expect(signIn(typed)).rejects.toMatchObject({ code: 'throttled' });
    }
    for (let guess = 0; guess < 5; guess++) await signIn('nobody@harbour.example', 'wrong').catch(() => {});
    await expect(signIn(' NOBODY@harbour.example')).rejects.toMatchObject({ code: 'throttled' });
    expect(await signIn('grace.lindqvist@harbour.example')).toBeTruthy();
  });
});

describe('C49 a login that is another person’s address', () => {
  it('is given to nobody, and an address that is a login neither', async () => {
    const taken = 'tomas.reyes@harbour.example';
    const asLogin = invitePerson(db.owner, { ...nobody, login: taken, email: 'else@harbour.example' });
    await expect(asLogin).rejects.toMatchObject({ code: 'login_taken' });
    await invitePerson(db.owner, { ...nobody, login: 'pat@harbour.example', email: 'patricia@harbour.example' });
    const asAddress = invitePerson(db.owner, { ...nobody, login: 'pat.two', email: 'pat@harbour.example' });
    await expect(asAddress).rejects.toMatchObject({ code: 'email_taken' });
    const wish = { ...(await db.owns(tomas)), address };
    expect((await requestEmailChange(provider, { ...wish, email: 'Pat@harbour.example' })).token).toBeUndefined();
    expect((await requestEmailChange(provider, { ...wish, email: 'free@harbour.example' })).token).toBeTruthy();
  });

  it('means whoever has the login, where it came to be all the same', async () => {
    const { token = '' } = await requestEmailChange(provider, {
      ...(await db.owns(tomas)),
      address,
      email: 'kim@harbour.example',
    });
    const kim = await invitePerson(db.owner, { ...nobody, login: 'kim@harbour.example', email: 'k@harbour.example' });
    await expect(confirmEmailChange(provider, { token })).rejects.toMatchObject({ code: 'link_unusable' });
    await db.owner.query(`UPDATE directory.person SET email = 'kim@harbour.example' WHERE id = $1`, [tomas]);
    expect(await reset('kim@harbour.example')).toMatchObject({ personId: kim.personId, email: 'k@harbour.example' });
    await expect(signIn('kim@harbour.example')).rejects.toMatchObject({ code: 'credentials_wrong' });
    expect(await signIn('tomas.reyes')).toMatchObject({ personId: tomas });
  });
});

it('C57 people with one name only are invited and appointed', async () => {
  const names = { givenName: 'Sukarno', familyName: '' };
  const invited = await invitePerson(db.owner, { ...names, login: 'sukarno', email: 'sukarno@harbour.example' });
  expect(invited.name).toBe('Sukarno');
  await db.owner.query(`DELETE FROM directory.personal_grant WHERE client_id = 'console'`);
  await db.owner.query(`DELETE FROM directory.access_rule WHERE client_id = 'console'`);
  const first = { givenName: '', familyName: 'Suharto', login: 'Suharto', email: 'Suharto@Harbour.example' };
  expect(await createFirstAdministrator(db.owner, first)).toBeTruthy();
  const { rows } = await db.owner.query(`SELECT name, email FROM directory.person WHERE login = 'suharto'`);
  expect(rows).toEqual([{ name: 'Suharto', email: 'suharto@harbour.example' }]);
});

it.each(['Tomas', 'tom as', 'to\u{200b}mas', 'ｔomas'])(
  'C57 the database keeps no other spelling: %j',
  async (login) => {
    const written = db.owner.query('UPDATE directory.person SET login = $1 WHERE id = $2', [login, tomas]);
    await expect(written).rejects.toThrow('person_login_folded');
  },
);

describe('S110 a forgotten password', () => {
  const later = (minutes: number) =>
    db.owner.query(`UPDATE credentials.throttle SET blocked_until = blocked_until - make_interval(mins => $1)`, [
      minutes,
    ]);

  it('is never refused to its owner for what strangers asked; mails are capped, and soon go out again', async () => {
    const strangers = Array.from({ length: 8 }, (_, n) => ({ login: 'tomas.reyes', address: `198.51.100.${n}` }));
    const mails = [];
    for (const asked of strangers) mails.push(await (await requestReset(provider, asked))());
    expect(mails.filter(Boolean)).toHaveLength(3);
    expect(await reset('tomas.reyes@harbour.example')).toBeUndefined();
    const known = { login: 'tomas.reyes', address, knownDevice: () => 'laptop' };
    expect(await (await requestReset(provider, known))()).toMatchObject({ personId: tomas });
    await later(15);
    expect(await reset('tomas.reyes')).toMatchObject({ personId: tomas });
    expect(await reset('tomas.reyes')).toBeUndefined();
  });

  it('is refused only to a place that asks very often, and not to a known device there', async () => {
    for (let n = 0; n < 30; n++) await reset(`nobody.${n}`);
    await expect(reset('grace.lindqvist')).rejects.toMatchObject({ code: 'throttled' });
    const known = { login: 'tomas.reyes', address, knownDevice: () => 'laptop' };
    expect(await (await requestReset(provider, known))()).toMatchObject({ personId: tomas });
  });
});
