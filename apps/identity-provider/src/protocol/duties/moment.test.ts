import {
  confirmEmailChange,
  createOneTimeLink,
  disablePerson,
  enablePerson,
  endSessions,
  findLink,
  rememberDevice,
  removeTotp,
  requestEmailChange,
  useRememberedDevice,
} from '@gatehouse/accounts';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Authenticator, giveAuthenticator } from '../../../testing/authenticator.ts';
import { csrfOf, sendSignIn, stepUrl, titleOf } from '../../../testing/pages.ts';
import { type RunningProvider, startProvider } from '../../../testing/start-provider.ts';

let running: RunningProvider;
let personId: string;
let administrator: string;
beforeAll(async () => {
  running = await startProvider();
  personId = await running.db.personId('tomas.reyes');
  administrator = await running.db.personId('noor.haddad');
});
beforeEach(() => running.db.owner.query('DELETE FROM credentials.totp'));
afterAll(() => running.stop());

const owner = (text: string, values: unknown[] = [personId]) => running.db.owner.query(text, values);
const ended = (reason: 'ended_elsewhere' | 'ended_by_administrator' | 'signed_out') =>
  endSessions(running.pool, { personId }, { reason, actorPersonId: personId });
/** The password stays what it was, so that only the moment can be what refuses. */
const passwordSet = () => owner('UPDATE credentials.password SET hash = hash WHERE person_id = $1');

const acts: [string, () => Promise<unknown>][] = [
  ['the password is set', passwordSet],
  ['a factor is added', () => giveAuthenticator(running, 'tomas.reyes')],
  ['a factor is removed', async () => removeTotp(running.pool, await running.db.owns(personId))],
  ['a passkey is added', () => addKey()],
  ['a passkey is removed', () => owner('DELETE FROM credentials.passkey WHERE person_id = $1')],
  ['every session is ended', () => ended('ended_elsewhere')],
  ['an administrator ends the sessions', () => ended('ended_by_administrator')],
  ['the person is disabled and enabled', disabledAndEnabled],
  ['the address is changed', () => owner("UPDATE directory.person SET email = 'x' || email WHERE id = $1")],
];

const addKey = () =>
  owner(
    `INSERT INTO credentials.passkey (credential_id, person_id, public_key, counter, name, synced)
     VALUES (gen_random_uuid()::text::bytea, $1, '', 0, 'Key', false)`,
  );

async function disabledAndEnabled(): Promise<void> {
  const change = { personId, actorPersonId: administrator };
  await disablePerson(running.db.owner, change);
  await enablePerson(running.db.owner, change);
}

/** What an act that removes something needs to be there before. */
async function prepare(what: string): Promise<void> {
  if (what === 'a factor is removed') await giveAuthenticator(running, 'tomas.reyes');
  if (what === 'a passkey is removed') await addKey();
}

const start = (browser: Browser) => browser.visit(`${running.issuer}/`);
const resume = (browser: Browser, sent: Answer) => browser.visit(new URL(String(sent.headers.location), sent.url).href);

describe('duty 12 S99 a proof counts from one moment of its person on', () => {
  describe('the last redirect of a sign-in, held back', () => {
    it('signs in while nothing happens, as of when the password was shown', async () => {
      const browser = createBrowser();
      const sent = await sendSignIn(browser, await start(browser));
      await owner(
        `UPDATE protocol.state SET payload = jsonb_set(payload, '{result,login,ts}',
           to_jsonb((payload#>>'{result,login,ts}')::int - 300))
         WHERE model = 'Interaction' AND payload#>>'{result,login,accountId}' = $1::text`,
      );
      const shown = Math.floor(Date.now() / 1000) - 300;
      expect((await resume(browser, sent)).url).toBe(`${running.issuer}/`);
      const { rows } = await owner(
        `SELECT (payload->>'loginTs')::int AS at FROM protocol.state
         WHERE model = 'Session' AND account_id = $1::text ORDER BY expires_at LIMIT 1`,
      );
      expect(Math.abs(rows[0].at - shown)).toBeLessThan(60);
    });

    it.each(acts.filter(([what]) => what !== 'a factor is removed'))('asks again once %s', async (what, act) => {
      await prepare(what);
      const browser = createBrowser();
      const sent = await sendSignIn(browser, await start(browser));
      expect(sent.status).toBe(303);
      await act();
      const answer = await resume(browser, sent);
      expect(titleOf(answer)).toBe('Sign in');
      expect(titleOf(await browser.visit(`${running.issuer}/account`))).toBe('Sign in');
      await owner('DELETE FROM credentials.totp WHERE person_id = $1');
      expect((await resume(browser, await sendSignIn(browser, answer))).url).toBe(`${running.issuer}/`);
    });

    it('waits for an act that is being committed, and then asks again', async () => {
      const browser = createBrowser();
      const sent = await sendSignIn(browser, await start(browser));
      const tx = await running.db.owner.connect();
      await tx.query('BEGIN');
      await tx.query('UPDATE credentials.password SET hash = hash WHERE person_id = $1', [personId]);
      const answer = resume(browser, sent);
      await expect.poll(() => running.db.waitingForLocks()).toBeGreaterThan(0);
      await tx.query('COMMIT');
      tx.release();
      await answer;
      expect(titleOf(await browser.visit(`${running.issuer}/account`))).toBe('Sign in');
    });

    it('without the guard, whoever knew the old password is signed in after it was replaced', async () => {
      const browser = createBrowser();
      const sent = await sendSignIn(browser, await start(browser));
      await owner('ALTER TABLE credentials.password DISABLE TRIGGER secures_person', []);
      await passwordSet();
      await owner('ALTER TABLE credentials.password ENABLE TRIGGER secures_person', []);
      expect((await resume(browser, sent)).url).toBe(`${running.issuer}/`);
    });
  });

  describe('the first of two steps', () => {
    const firstStep = async (): Promise<[Browser, Answer, Authenticator]> => {
      const app = await giveAuthenticator(running, 'tomas.reyes');
      const browser = createBrowser();
      const page = await start(browser);
      return [browser, await resume(browser, await sendSignIn(browser, page)), app];
    };
    const secondStep = (browser: Browser, page: Answer, app: Authenticator) =>
      browser.submit(stepUrl(page, 'second-factor'), { _csrf: csrfOf(page), code: app.code(), remember: 'yes' });

    it('leads to the second, and with it in', async () => {
      const [browser, page, app] = await firstStep();
      expect((await secondStep(browser, page, app)).url).toBe(`${running.issuer}/`);
    });

    it('leads nowhere once the password is set anew, and remembers no device', async () => {
      const [browser, page, app] = await firstStep();
      await passwordSet();
      expect(titleOf(await secondStep(browser, page, app))).toBe('Sign in');
      const { rowCount } = await owner('SELECT FROM credentials.remembered_device WHERE person_id = $1');
      expect(rowCount).toBe(0);
    });
  });

  describe('what was sent or kept', () => {
    const reset = () => createOneTimeLink(running.pool, { personId, purpose: 'reset' });
    const askForEmail = async (email: string) => {
      const asked = { ...(await running.db.owns(personId)), email, address: '203.0.113.1' };
      const { token } = await requestEmailChange(running.pool, asked);
      await owner('DELETE FROM credentials.throttle', []);
      return String(token);
    };

    it.each(acts)('a link to set a password dies once %s', async (what, act) => {
      await prepare(what);
      const token = await reset();
      expect(await findLink(running.pool, token)).toMatchObject({ personId });
      await act();
      expect(await findLink(running.pool, token)).toBeUndefined();
    });

    it.each(acts)('a change of address dies once %s', async (what, act) => {
      await prepare(what);
      const token = await askForEmail('thief@elsewhere.example');
      await act();
      await expect(confirmEmailChange(running.pool, { token })).rejects.toMatchObject({ code: 'link_unusable' });
    });

    it('a change of address outlives a sign-out of the person', async () => {
      const token = await askForEmail('tomas@elsewhere.example');
      await ended('signed_out');
      expect(await confirmEmailChange(running.pool, { token })).toMatchObject({ email: 'tomas@elsewhere.example' });
    });

    it('a device that was remembered by a proof from before is nobody’s', async () => {
      const device = { ...(await running.db.owns(personId)), device: 'Firefox on Linux' };
      const now = await rememberDevice(running.pool, device);
      expect(await useRememberedDevice(running.pool, personId, now)).toBe(true);
      await ended('ended_elsewhere');
      expect(await useRememberedDevice(running.pool, personId, now)).toBe(false);
      const late = await rememberDevice(running.pool, device);
      expect(await useRememberedDevice(running.pool, personId, late)).toBe(false);
    });
  });

  it('a moment is never lowered, whoever writes it', async () => {
    await owner('UPDATE directory.person SET moment = 0 WHERE id = $1');
    expect((await running.db.owns(personId)).moment).toBeGreaterThan(0);
  });
});
