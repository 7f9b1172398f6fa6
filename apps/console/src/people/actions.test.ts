import { record } from '@gatehouse/audit';
import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from '../../testing/read-page.ts';
import { relyingParty } from '../../testing/relying-party.ts';

let rp: RunningRelyingParty;
let noor: Visitor;
let ruth: Visitor;
let page: string;
beforeAll(async () => {
  rp = await startRelyingParty(relyingParty);
  await rp.db.owner.query(
    `UPDATE directory.person SET status = 'disabled' WHERE login <> 'noor.haddad' AND id IN
       (SELECT person_id FROM directory.effective_role WHERE client_id = 'console' AND role = 'administrator')`,
  );
  noor = await signInAs(rp, 'noor.haddad');
});
beforeEach(async () => {
  await rp.db.owner.query(`UPDATE directory.person SET status = 'active' WHERE login = 'ruth.abara'`);
  await rp.db.owner.query(
    'UPDATE app_sessions.sign_in SET ended_at = now() WHERE person_id = $1 AND ended_at IS NULL',
    [await rp.db.personId('ruth.abara')],
  );
  ruth = await signInAs(rp, 'ruth.abara');
  page = `/people/${ruth.personId}`;
});
afterAll(() => rp.close());

const isIn = async (visitor: Visitor) => (await visitor.browser.fetch(`${rp.url}/people`)).status === 200;
const lastEvent = async (type: string) => {
  const { rows } = await rp.db.owner.query(
    'SELECT actor_person_id, subject_person_id, client_id, detail FROM audit.event WHERE type = $1 ORDER BY id DESC LIMIT 1',
    [type],
  );
  return rows[0];
};

describe('disabling a person', () => {
  it('asks first, and wants a reason', async () => {
    const question = await noor.open(`${page}/disable`);
    expect(textOf(question.body)).toContain('Disable Ruth Abara?');
    const answer = await noor.send(`${page}/disable`, { reason: ' ' });
    expect(answer.status).toBe(422);
    expect(load(answer.body)('#field-reason-error').text()).toContain('Say why');
    expect(await isIn(ruth)).toBe(true);
  });

  it('S72 signs them out at once, shows the receipt and records who did it and why', async () => {
    const answer = await noor.send(`${page}/disable`, { reason: 'left on Friday' });
    expect(answer.url).toContain('done=disabled');
    expect(textOf(answer.body)).toContain('Ruth Abara is disabled and signed out everywhere.');
    expect(textOf(answer.body)).toMatch(/Console ?Signed out/);
    expect(await isIn(ruth)).toBe(false);
    expect(await lastEvent('person.disabled')).toEqual({
      actor_person_id: noor.personId,
      subject_person_id: ruth.personId,
      client_id: 'console',
      detail: { reason: 'left on Friday' },
    });
  });

  it('can be undone; the old sessions stay dead', async () => {
    await noor.send(`${page}/disable`, { reason: 'mistake' });
    const answer = await noor.send(`${page}/enable`);
    expect(textOf(answer.body)).toContain('can sign in again');
    expect(await isIn(ruth)).toBe(false);
    expect(await isIn(await signInAs(rp, 'ruth.abara'))).toBe(true);
  });

  it('S67 is refused for oneself, and offered no button', async () => {
    const own = `/people/${noor.personId}`;
    expect(load((await noor.open(own)).body)(`a[href="${own}/disable"]`)).toHaveLength(0);
    const answer = await noor.send(`${own}/disable`, { reason: 'tired' });
    expect(answer.status).toBe(409);
    expect(textOf(answer.body)).toContain('You cannot disable your own account');
    expect(await isIn(noor)).toBe(true);
  });

  it('S21 S70 is refused without the token of a form, and to an auditor', async () => {
    expect((await noor.send(`${page}/disable`, { reason: 'x', _csrf: 'forged' })).status).toBe(403);
    expect((await ruth.send(`/people/${noor.personId}/disable`, { reason: 'x' })).status).toBe(403);
    expect([await isIn(noor), await isIn(ruth)]).toEqual([true, true]);
  });
});

describe('ending sessions', () => {
  it('S74 ends the one that is named; that browser is out at its next request', async () => {
    const other = await signInAs(rp, 'ruth.abara');
    const { rows } = await rp.db.owner.query<{ session_uid: string }>(
      'SELECT session_uid FROM app_sessions.sign_in WHERE person_id = $1 AND ended_at IS NULL ORDER BY started_at',
      [ruth.personId],
    );
    const answer = await noor.send(`${page}/sessions/end`, { session: rows[0]?.session_uid ?? '' });
    expect(textOf(answer.body)).toContain('The session has ended.');
    expect([await isIn(ruth), await isIn(other)]).toEqual([false, true]);
    expect(await lastEvent('session.ended')).toMatchObject({
      actor_person_id: noor.personId,
      subject_person_id: ruth.personId,
      detail: { reason: 'ended_by_administrator', apps: ['console'] },
    });

    await noor.send(`${page}/sessions/end`);
    expect(await isIn(other)).toBe(false);
  });

  it("does not end somebody else's session under this person's name", async () => {
    const { rows } = await rp.db.owner.query<{ session_uid: string }>(
      'SELECT session_uid FROM app_sessions.sign_in WHERE person_id = $1 AND ended_at IS NULL',
      [noor.personId],
    );
    await noor.send(`${page}/sessions/end`, { session: rows[0]?.session_uid ?? '' });
    expect(await isIn(noor)).toBe(true);
  });
});

describe('the audit', () => {
  it('shows what happened to whom and who did it, page by page', async () => {
    for (let count = 0; count < 55; count++) {
      await record(rp.db.owner, {
        type: 'sign_in.failed',
        subjectPersonId: ruth.personId,
        detail: { reason: 'wrong' },
      });
    }
    const first = await noor.open(`/audit?about=sign-ins&person=${ruth.personId}`);
    expect(load(first.body)('tbody tr')).toHaveLength(50);
    expect(textOf(first.body)).toContain('Sign-in failed');
    const older = await noor.open(load(first.body)('a[rel=next]').attr('href') ?? '');
    expect(load(older.body)('tbody tr').length).toBeGreaterThan(4);
    expect((await noor.open('/audit?about=x&before=y&person=z')).status).toBe(200);
  });
});

it('the list of apps says who may open each, and by which rule', async () => {
  const { body } = await noor.open('/apps');
  expect(textOf(body)).toContain('Given to Identity Administrator, ');
  expect(textOf(body)).toMatch(/\d+ people may open it/);
});

describe('who needs a second factor', () => {
  const ask = (fields: Record<string, string>, visitor = noor) => visitor.send('/apps/second-factor', fields);
  const badges = async () => load((await noor.open('/apps')).body)('.badge:contains("Second factor")').length;

  it('is decided by an administrator, shown on the list, and recorded', async () => {
    const approver = { app: 'finance', role: 'approver' };
    const answer = await ask({ ...approver, required: 'yes' });
    expect(textOf(answer.body)).toContain('confirms with a second factor');
    expect(await badges()).toBe(1);
    expect(await lastEvent('second_factor.decided')).toMatchObject({
      actor_person_id: noor.personId,
      client_id: 'console',
      detail: { ...approver, required: true },
    });
    await ask({ app: 'finance', required: 'yes' });
    expect(await badges()).toBe(2);
    for (const fields of [approver, { app: 'finance' }]) await ask({ ...fields, required: 'no' });
    expect(await badges()).toBe(0);
    const { rows } = await rp.db.owner.query(
      'SELECT DISTINCT second_factor_decided AS decided FROM directory.app_role',
    );
    expect(rows).toEqual([{ decided: null }]);
  });

  it('S70 is not decided by an auditor, nor about an app that is not there', async () => {
    expect((await ask({ app: 'finance', required: 'yes' }, ruth)).status).toBe(403);
    expect((await ask({ app: 'nowhere', required: 'yes' })).status).toBe(404);
    expect((await ask({ app: 'finance', role: 'nobody', required: 'yes' })).status).toBe(404);
    expect((await ask({ app: 'finance', required: 'perhaps' })).status).toBe(400);
    expect(await badges()).toBe(0);
  });

  it('takes hold at the next click', async () => {
    await ask({ app: 'console', required: 'yes' });
    expect(await isIn(noor)).toBe(false);
    await rp.db.owner.query('UPDATE directory.app SET second_factor_decided = NULL');
    expect(await isIn(noor)).toBe(true);
  });
});
