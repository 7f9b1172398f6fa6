import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../testing.ts';

let rp: RunningRelyingParty;
/** Two who ask, two agents, and the director, who only reads. */
let zoe: Visitor, tomas: Visitor, dev: Visitor, holly: Visitor, eleanor: Visitor;

beforeAll(async () => {
  rp = await startRelyingParty(relyingParty);
  zoe = await signInAs(rp, 'zoe.hartley');
  tomas = await signInAs(rp, 'tomas.reyes');
  dev = await signInAs(rp, 'dev.patel');
  holly = await signInAs(rp, 'holly.spencer');
  eleanor = await signInAs(rp, 'eleanor.vance');
});

afterAll(() => rp?.close());

const ticket = (change: Record<string, string> = {}) => ({
  title: 'Printer jams',
  description: 'Every second page.',
  priority: 'normal',
  assetId: '',
  ...change,
});

async function raised(visitor: Visitor, change: Record<string, string> = {}): Promise<string> {
  const answer = await visitor.send('/tickets', ticket(change));
  expect(answer.status).toBe(200);
  return new URL(answer.url).pathname;
}

async function taken(visitor: Visitor): Promise<string> {
  const path = await raised(visitor);
  expect((await dev.send(`${path}/take`, { from: '' })).status).toBe(200);
  return path;
}

const rowOf = async (path: string) =>
  (await rp.db.owner.query('SELECT * FROM service_desk.ticket WHERE id = $1', [path.split('/').at(-1)])).rows[0];
const eventsOf = async (path: string) =>
  (
    await rp.db.owner.query(`SELECT type FROM audit.event WHERE detail->>'ticket' = $1 ORDER BY id`, [
      path.split('/').at(-1),
    ])
  ).rows.map(({ type }) => type.replace('app.service-desk.', ''));
const text = (html: string, selector = 'main') => load(html)(selector).text().replace(/\s+/g, ' ').trim();
const buttons = (html: string) =>
  load(html)('main button')
    .map((_, button) => load(button).text().trim())
    .get();

describe('raising a ticket', () => {
  it('says at the field what is wrong, keeps what was typed and writes nothing', async () => {
    const answer = await zoe.send('/tickets', ticket({ title: ' ', description: 'It <b>hurts</b>' }));
    expect(answer.status).toBe(422);
    expect(text(answer.body, '#field-title-error')).toContain('Say in a few words what is wrong');
    expect(load(answer.body)('#field-description').val()).toBe('It <b>hurts</b>');
    expect((await rp.db.owner.query('SELECT FROM service_desk.ticket')).rowCount).toBe(0);
  });

  it('shows it to its requester and to agents, not to colleagues', async () => {
    const path = await raised(zoe);
    expect(text((await zoe.open(path)).body)).toContain('Every second page.');
    expect((await dev.open(path)).status).toBe(200);
    expect((await tomas.open(path)).status).toBe(404);
    expect((await tomas.send(`${path}/comments`, { body: 'Me too' })).status).toBe(404);
    expect(await eventsOf(path)).toEqual(['ticket_raised']);
  });
});

describe('working on a ticket', () => {
  it('is for the agent who takes it, and other agents may take it over', async () => {
    const path = await raised(zoe);
    expect(buttons((await dev.open(path)).body)).toEqual(['Add comment', 'Take']);
    expect((await dev.send(`${path}/take`, { from: '' })).status).toBe(200);
    expect(await rowOf(path)).toMatchObject({ state: 'in_progress', agent_id: dev.personId });
    expect(buttons((await dev.open(path)).body)).toEqual(['Add comment', 'Resolve']);
    expect(buttons((await holly.open(path)).body)).toEqual(['Add comment', 'Take over']);
    expect((await holly.send(`${path}/resolve`, { body: 'Done' })).status).toBe(403);
    expect((await holly.send(`${path}/take`, { from: dev.personId })).status).toBe(200);
    expect((await holly.send(`${path}/resolve`, { body: 'New drum' })).status).toBe(200);
    expect((await rowOf(path)).state).toBe('resolved');
    expect(await eventsOf(path)).toEqual(['ticket_raised', 'ticket_taken', 'ticket_taken', 'ticket_resolved']);
  });

  it('is won by one of two agents who take it from the same page', async () => {
    const path = await raised(zoe);
    const answers = await Promise.all([dev, holly].map((agent) => agent.send(`${path}/take`, { from: '' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(text(answers.find(({ status }) => status === 409)?.body ?? '')).toContain(
      'Somebody took or changed this ticket',
    );
    expect((await dev.send(`${path}/take`, { from: 'nonsense' })).status).toBe(409);
  });

  it('is not for requesters', async () => {
    const path = await raised(zoe);
    expect(buttons((await zoe.open(path)).body)).toEqual(['Add comment']);
    expect((await zoe.send(`${path}/take`, { from: '' })).status).toBe(403);
    expect((await zoe.send(`${path}/resolve`, { body: 'Done' })).status).toBe(403);
    expect((await zoe.open('/queue')).status).toBe(403);
  });

  it('keeps internal comments from the requester', async () => {
    const path = await taken(zoe);
    await dev.send(`${path}/comments`, { body: 'Order a new drum', internal: 'yes' });
    await dev.send(`${path}/comments`, { body: 'Coming on Monday' });
    expect(text((await holly.open(path)).body)).toContain('Order a new drum');
    expect(text((await zoe.open(path)).body)).toContain('Coming on Monday');
    expect(text((await zoe.open(path)).body)).not.toContain('Order a new drum');
    await zoe.send(`${path}/comments`, { body: 'Thank you', internal: 'yes' });
    expect(text((await zoe.open(path)).body)).toContain('Thank you');
  });

  it('needs to say what was done', async () => {
    const path = await taken(zoe);
    const answer = await dev.send(`${path}/resolve`, { body: '' });
    expect([answer.status, text(answer.body, '#field-body-error')]).toEqual([
      422,
      expect.stringContaining('Say what was done'),
    ]);
    expect((await rowOf(path)).state).toBe('in_progress');
  });
});

describe('a resolved ticket', () => {
  it('is opened again by its requester, into the queue', async () => {
    const path = await taken(zoe);
    await dev.send(`${path}/resolve`, { body: 'Turned it off and on' });
    expect(buttons((await zoe.open(path)).body)).toEqual(['Reopen']);
    const late = await zoe.send(`${path}/comments`, { body: 'But' });
    expect([late.status, text(late.body, '.error-summary')]).toEqual([409, expect.stringContaining('just before you')]);
    expect([load(late.body)('#field-body').val(), buttons(late.body)]).toEqual(['But', ['Reopen']]);
    expect((await zoe.send(`${path}/reopen`, { body: 'Still jams' })).status).toBe(200);
    expect(await rowOf(path)).toMatchObject({ state: 'open', agent_id: null, resolved_at: null });
    expect((await zoe.send(`${path}/reopen`, { body: 'Again' })).status).toBe(409);
  });
});

describe('the queue', () => {
  it('shows the most urgent first, filtered', async () => {
    const urgent = await raised(tomas, { priority: 'urgent', title: 'Payroll is down' });
    const numbers = async (query: string) =>
      load((await dev.open(`/queue${query}`)).body)('tbody a')
        .map((_, link) => load(link).text())
        .get();
    expect((await numbers(''))[0]).toBe('Payroll is down');
    expect(await numbers('?priority=urgent')).toEqual(['Payroll is down']);
    expect(await numbers('?priority=urgent&mine=yes')).toEqual([]);
    await dev.send(`${urgent}/take`, { from: '' });
    expect(await numbers('?priority=urgent&mine=yes')).toEqual(['Payroll is down']);
    expect(await numbers('?state=resolved&priority=urgent')).toEqual([]);
  });

  it('is read by an auditor, who changes nothing', async () => {
    const path = await taken(zoe);
    expect((await eleanor.open('/queue')).status).toBe(200);
    expect(buttons((await eleanor.open(path)).body)).toEqual([]);
    expect((await eleanor.send(`${path}/take`, { from: dev.personId })).status).toBe(403);
    expect((await eleanor.send(`${path}/comments`, { body: 'Hurry' })).status).toBe(403);
    expect((await eleanor.send(`${path}/resolve`, { body: 'Done' })).status).toBe(403);
  });
});
