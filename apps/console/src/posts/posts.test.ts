import type { RunningRelyingParty, Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startConsoleWithApi } from '../../testing/console-with-api.ts';
import type { ProviderApi } from '../../testing/provider-api.ts';
import { errorAt, textOf } from '../../testing/read-page.ts';

let api: ProviderApi, rp: RunningRelyingParty, noor: Visitor, ruth: Visitor, close: () => Promise<void>;
let lena: string;
beforeAll(async () => {
  ({ api, rp, noor, ruth, close } = await startConsoleWithApi());
  lena = await rp.db.personId('lena.novak');
});
beforeEach(async () => {
  await rp.db.owner.query('DELETE FROM directory.appointment WHERE person_id = $1', [lena]);
  await rp.db.owner.query('DELETE FROM directory.personal_grant WHERE person_id = $1', [lena]);
});
afterAll(() => close());

const day = (offset: number) => Temporal.Now.plainDateISO('Europe/London').add({ days: offset }).toString();
const rolesOf = async (personId = lena) =>
  (
    await rp.db.owner.query(
      "SELECT client_id || ' ' || role AS role FROM directory.effective_role WHERE person_id = $1 ORDER BY 1",
      [personId],
    )
  ).rows.map(({ role }) => role as string);
const appointments = async (personId = lena) =>
  (
    await rp.db.owner.query(
      `SELECT a.id, d.code, a.starts_on::text AS "from", a.ends_on::text AS "to"
       FROM directory.appointment a JOIN directory.designation d ON d.id = a.designation_id WHERE person_id = $1 ORDER BY a.starts_on`,
      [personId],
    )
  ).rows as { id: string; code: string; from: string; to: string | null }[];
const lastEvent = async (type: string) =>
  (
    await rp.db.owner.query(
      'SELECT actor_person_id AS actor, subject_person_id AS subject, client_id AS app, detail FROM audit.event WHERE type = $1 ORDER BY id DESC LIMIT 1',
      [type],
    )
  ).rows[0];

/** Sends the form, and confirms on the page that tells the effect. */
async function goThrough(path: string, fields: Record<string, string>, visitor = noor) {
  const preview = await visitor.send(path, fields);
  const asked = load(preview.body)('main form').serializeArray();
  expect(asked.length, textOf(preview.body)).toBeGreaterThan(1);
  const answer = await visitor.browser.submit(
    `${rp.url}${path}`,
    asked.map(({ name, value }) => [name, value]),
  );
  return { preview: textOf(preview.body), answer };
}
const appoint = (fields: Record<string, string> = {}, person = lena) =>
  goThrough(`/people/${person}/appoint`, { designation: 'finance-clerk', startsOn: day(0), endsOn: '', ...fields });

describe('appointing somebody', () => {
  it('D3 tells first what they gain, then gives it, and records who did', async () => {
    const path = `/people/${lena}/appoint`;
    const preview = await noor.send(path, { designation: 'finance-clerk', startsOn: day(0), endsOn: '' });
    expect(textOf(preview.body)).toMatch(/Appoint Lena Novak as Finance Clerk, Finance\?.*gains ?Finance: Clerk/);
    expect([await appointments(), await rolesOf()]).toEqual([[], []]);
    const { answer } = await appoint();
    expect(answer.url).toBe(`${rp.url}/people/${lena}?done=appointed`);
    expect(textOf(answer.body)).toMatch(/Finance ?Clerk as Finance Clerk/);
    expect(await rolesOf()).toContain('finance clerk');
    expect(await lastEvent('appointment.started')).toMatchObject({
      actor: noor.personId,
      subject: lena,
      app: 'console',
      detail: { designationCode: 'finance-clerk', startsOn: day(0) },
    });
  });

  it('from a day to come gives nothing before, and says what it will give', async () => {
    const { preview } = await appoint({ startsOn: day(20), endsOn: day(30) });
    expect(preview).toMatch(/gains ?Finance: Clerk/);
    expect(await rolesOf()).toEqual([]);
    expect(await appointments()).toMatchObject([{ code: 'finance-clerk', from: day(20), to: day(30) }]);
  });

  it.each([
    [{ designation: '' }, 'designation', 'Choose a designation'],
    [{ designation: 'no-such-post' }, 'designation', 'There is no such designation any more'],
    [{ startsOn: '31 June' }, 'startsOn', 'Enter the first day'],
    [{ endsOn: day(-1) }, 'endsOn', 'The last day comes before the first'],
  ])('says at the field what is wrong with %o, keeps what was typed and writes nothing', async (wrong, field, text) => {
    const form = { designation: 'finance-clerk', startsOn: day(0), endsOn: day(9), ...wrong };
    const answer = await noor.send(`/people/${lena}/appoint`, form);
    expect([answer.status, errorAt(answer.body, field)]).toEqual([422, text]);
    expect(load(answer.body)('#field-endsOn').val()).toBe(form.endsOn);
    expect(await appointments()).toEqual([]);
  });

  it('refuses days on which they hold it already, however many ask at once', async () => {
    await appoint({ startsOn: day(5), endsOn: day(9) });
    for (const [startsOn, endsOn, status] of [
      [day(9), day(12), 422],
      [day(0), '', 422],
      [day(0), day(4), 200],
      [day(10), '', 200],
    ] as const) {
      const answer = await noor.send(`/people/${lena}/appoint`, { designation: 'finance-clerk', startsOn, endsOn });
      expect(answer.status, `${startsOn} to ${endsOn}`).toBe(status);
      if (status === 422) expect(errorAt(answer.body, 'startsOn')).toContain('on some of these days already');
    }
    await rp.db.owner.query('DELETE FROM directory.appointment WHERE person_id = $1', [lena]);
    const form = { designation: 'finance-clerk', startsOn: day(0), endsOn: '', confirmed: 'yes' };
    const answers = await Promise.all(Array.from({ length: 4 }, () => noor.send(`/people/${lena}/appoint`, form)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422, 422, 422]);
    expect(await appointments()).toHaveLength(1);
  });
});

describe('ending an appointment', () => {
  it('D3 tells first what they lose, and takes it with the last day', async () => {
    await appoint({ startsOn: day(-9) });
    const [held] = await appointments();
    const path = `/people/${lena}/appointments/${held?.id}/end`;
    expect(load((await noor.open(path)).body)('#field-endsOn').val()).toBeTruthy();
    const { preview } = await goThrough(path, { endsOn: day(0), shownEndsOn: '' });
    expect(preview).toMatch(/loses ?Finance: Clerk/);
    expect(await rolesOf()).toContain('finance clerk');
    await goThrough(path, { endsOn: day(-1), shownEndsOn: day(0) });
    expect(await rolesOf()).toEqual([]);
    expect(await lastEvent('appointment.ended')).toMatchObject({ detail: { endsOn: day(-1), before: day(0) } });
  });

  it('takes one back that has not begun', async () => {
    await appoint({ startsOn: day(5) });
    const [held] = await appointments();
    await goThrough(`/people/${lena}/appointments/${held?.id}/end`, { endsOn: day(0), shownEndsOn: '' });
    expect(await appointments()).toEqual([]);
    expect(await lastEvent('appointment.ended')).toMatchObject({ detail: { cancelled: true } });
  });

  it('overwrites nothing that somebody has changed since it was shown', async () => {
    await appoint();
    const [held] = await appointments();
    const path = `/people/${lena}/appointments/${held?.id}/end`;
    await goThrough(path, { endsOn: day(3), shownEndsOn: '' });
    const late = await noor.send(path, { endsOn: day(9), shownEndsOn: '' });
    expect([late.status, textOf(late.body)]).toEqual([409, expect.stringContaining('since you opened it')]);
    expect(await appointments()).toMatchObject([{ to: day(3) }]);
    await goThrough(path, { endsOn: day(9), shownEndsOn: day(3) });
    expect(await appointments()).toMatchObject([{ to: day(9) }]);
  });

  it('is of the person that the address names', async () => {
    const grace = await rp.db.personId('grace.lindqvist');
    const [held] = await appointments(grace);
    const path = `/people/${lena}/appointments/${held?.id}/end`;
    expect((await noor.open(path)).status).toBe(404);
    expect((await noor.send(path, { endsOn: day(0), shownEndsOn: '', confirmed: 'yes' })).status).toBe(404);
    expect(await appointments(grace)).toContainEqual(held);
  });
});

describe('a role by name', () => {
  const path = () => `/people/${lena}/grant`;
  const grant = { role: 'finance approver', reason: 'covers in March', endsOn: day(20) };

  it('has a reason and a last day, and is withdrawn', async () => {
    const { preview, answer } = await goThrough(path(), grant);
    expect(preview).toMatch(/gains ?Finance: Approver/);
    expect(textOf(answer.body)).toContain('covers in March');
    expect(await rolesOf()).toEqual(['finance approver']);
    expect(await lastEvent('role.granted')).toMatchObject({ actor: noor.personId, subject: lena });
    const withdraw = load(answer.body)('form[action$="/withdraw"]').attr('action') ?? '';
    const { preview: losing } = await goThrough(withdraw, {});
    expect(losing).toMatch(/loses ?Finance: Approver/);
    expect(await rolesOf()).toEqual([]);
    expect(await lastEvent('role.withdrawn')).toMatchObject({
      actor: noor.personId,
      detail: { reason: 'covers in March' },
    });
    expect((await noor.send(withdraw)).status).toBe(404);
  });

  it.each([
    [{ role: 'finance pope' }, 'role', 'There is no such role any more'],
    [{ role: '' }, 'role', 'Choose a role'],
    [{ reason: ' ' }, 'reason', 'Say why, for whoever reads it later'],
    [{ endsOn: '' }, 'endsOn', 'Enter the last day'],
    [{ endsOn: day(-1) }, 'endsOn', 'This day has passed'],
  ])('says at the field what is wrong with %o', async (wrong, field, text) => {
    const answer = await noor.send(path(), { ...grant, ...wrong });
    expect([answer.status, errorAt(answer.body, field)]).toEqual([422, text]);
    expect(await rolesOf()).toEqual([]);
  });
});

describe('S69 S70 nobody changes rights without the right to', () => {
  it('is offered to administrators, and to nobody for themself', async () => {
    const links = async (visitor: Visitor, person: string) =>
      load((await visitor.open(`/people/${person}`)).body)(`a[href$="/appoint"], a[href$="/grant"]`).length;
    expect([await links(noor, lena), await links(ruth, lena), await links(noor, noor.personId)]).toEqual([2, 0, 0]);
  });

  it.each(['appoint', 'grant'])('refuses an auditor, oneself and a form without its token: %s', async (what) => {
    const form = {
      designation: 'finance-clerk',
      startsOn: day(0),
      role: 'finance approver',
      reason: 'x',
      endsOn: day(9),
    };
    const confirmed = { ...form, confirmed: 'yes' };
    const before = await rolesOf(noor.personId);
    expect((await ruth.send(`/people/${lena}/${what}`, confirmed)).status).toBe(403);
    const own = await noor.send(`/people/${noor.personId}/${what}`, confirmed);
    expect([own.status, textOf(own.body)]).toEqual([403, expect.stringContaining('Nobody changes their own rights')]);
    expect((await noor.send(`/people/${lena}/${what}`, { ...confirmed, _csrf: 'forged' })).status).toBe(403);
    expect([await rolesOf(), await rolesOf(noor.personId)]).toEqual([[], before]);
  });

  it('says that the provider does not answer', async () => {
    api.away();
    const answer = await noor.send(`/people/${lena}/grant`, { role: 'finance approver', reason: 'x', endsOn: day(9) });
    expect([answer.status, textOf(answer.body)]).toEqual([503, expect.stringContaining('does not answer just now')]);
  });
});
