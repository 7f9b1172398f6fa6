import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actOnClaim, typedClaim as claim, claimRow, relyingParty } from '../testing.ts';

let rp: RunningRelyingParty;
let path: string;
/** A claimant, an approver and a clerk. */
let stella: Visitor, eleanor: Visitor, tomas: Visitor;
beforeAll(async () => {
  // Without Human Resources every claim goes to the approvers.
  rp = await startRelyingParty(relyingParty);
  [stella, eleanor, tomas] = [
    await signInAs(rp, 'stella.kim'),
    await signInAs(rp, 'eleanor.vance'),
    await signInAs(rp, 'tomas.reyes'),
  ];
});
afterAll(() => rp?.close());

const text = (html: string, selector: string) => load(html)(selector).text().replace(/\s+/g, ' ').trim();
const rowOf = (path: string) => claimRow(rp, path);
const act = (action: string, fields?: Record<string, string>) => actOnClaim(rp, stella, path, action, fields);

it('S112 is not changed, submitted, deleted or paid from a page that is out of date, and is from one that is not', async () => {
  path = new URL((await stella.send('/claims', claim())).url).pathname;
  await act('edit', claim({ amount: '9.90' }));
  for (const fields of [{ revision: '1' }, {}]) {
    expect((await stella.send(`${path}/submit`, fields)).status).toBe(409);
    expect((await stella.send(`${path}/delete`, fields)).status).toBe(409);
  }
  const late = await stella.send(`${path}/edit`, { ...claim({ amount: '7.00', title: 'Late' }), revision: '1' });
  expect([late.status, load(late.body)('[name=revision]').val()]).toEqual([409, '2']);
  expect(text(late.body, '.error-summary p')).toContain('changed since you opened it, in another tab');
  expect(load(late.body)('#field-title').val()).toBe('Late');
  expect(await rowOf(path)).toMatchObject({ amount: 990, revision: 2, state: 'draft' });
  expect((await act('edit', claim({ title: 'Late' }))).status).toBe(200);
  expect(await rowOf(path)).toMatchObject({ title: 'Late', revision: 3 });
  expect((await act('submit')).status).toBe(200);
  const closed = await stella.send(`${path}/edit`, { ...claim({ title: 'Too late' }), revision: '3' });
  expect([closed.status, text(closed.body, '.error-summary p')]).toEqual([409, expect.stringContaining('handed in')]);
  expect([load(closed.body)('#field-title').val(), text(closed.body, 'main form button')]).toEqual(['Too late', '']);
  expect((await eleanor.send(`${path}/approve`, { revision: '3' })).status).toBe(200);
  expect((await tomas.send(`${path}/pay`, { revision: '2' })).status).toBe(409);
  expect((await tomas.send(`${path}/pay`, { revision: '3' })).status).toBe(200);
});
