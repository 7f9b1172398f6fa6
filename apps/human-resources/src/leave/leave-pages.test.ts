import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workingDays } from '../calendar/working-days.ts';
import { relyingParty } from '../testing.ts';

let rp: RunningRelyingParty;
/** A finance assistant, her manager, an HR officer, a colleague and an internal auditor. */
let zoe: Visitor, grace: Visitor, amelia: Visitor, tomas: Visitor, ruth: Visitor;

beforeAll(async () => {
  rp = await startRelyingParty(relyingParty);
  zoe = await signInAs(rp, 'zoe.hartley');
  grace = await signInAs(rp, 'grace.lindqvist');
  amelia = await signInAs(rp, 'amelia.hart');
  tomas = await signInAs(rp, 'tomas.reyes');
  ruth = await signInAs(rp, 'ruth.abara');
});

afterAll(() => rp?.close());

/** The first day of work in the week that many weeks ahead. */
function workday(weeks: number): string {
  const today = Temporal.Now.plainDateISO();
  let day = today.add({ days: 8 - today.dayOfWeek, weeks });
  while (workingDays({ from: day, to: day }) === 0) day = day.add({ days: 1 });
  return day.toString();
}

const request = (weeks: number, change: Record<string, string> = {}) => ({
  kind: 'annual',
  from: workday(weeks),
  to: workday(weeks),
  note: '',
  ...change,
});

/** Requests leave and returns the path of its page. */
async function requested(visitor: Visitor, form: Record<string, string>): Promise<string> {
  const { status, url } = await visitor.send('/leave', form);
  expect(status).toBe(200);
  return new URL(url).pathname;
}

const text = (html: string, selector: string) => load(html)(selector).text().replace(/\s+/g, ' ').trim();
const buttons = (html: string) =>
  load(html)('main button')
    .map((_, button) => load(button).text().trim())
    .get();
const stateOf = async (path: string) =>
  (await rp.db.owner.query('SELECT state FROM human_resources.leave_request WHERE id = $1', [path.split('/').at(-1)]))
    .rows[0]?.state;
const eventsOf = async (path: string) =>
  (
    await rp.db.owner.query(`SELECT type FROM audit.event WHERE detail->>'leave' = $1 ORDER BY id`, [
      path.split('/').at(-1),
    ])
  ).rows.map(({ type }) => type);

describe('requesting leave', () => {
  it('says at the field what is wrong, keeps what was typed and writes nothing', async () => {
    const answer = await zoe.send('/leave', request(3, { to: workday(2), note: 'Wedding <3' }));
    expect(answer.status).toBe(422);
    expect(text(answer.body, '#field-to-error')).toContain('The last day comes before the first day');
    expect(load(answer.body)('#field-from').val()).toBe(workday(3));
    expect(load(answer.body)('#field-note').val()).toBe('Wedding <3');
    expect(text((await zoe.open('/')).body, 'main')).toContain('You have not asked for leave yet');
  });

  it('shows the request, its state and what is left, and records it', async () => {
    const path = await requested(zoe, request(4, { note: 'Moving house' }));
    const page = (await zoe.open(path)).body;
    expect(text(page, 'main')).toContain('Moving house');
    expect(text(page, '.badge')).toBe('Waiting');
    expect(await eventsOf(path)).toEqual(['app.human-resources.leave_requested']);
  });

  it('is refused over other leave of the same person, even when both are sent at once', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => tomas.send('/leave', request(5))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422, 422, 422]);
    const refused = answers.find(({ status }) => status === 422)?.body ?? '';
    expect(text(refused, '#field-from-error')).toContain('You have annual leave on some of these days already');
  });

  it('is refused beyond the balance', async () => {
    const answer = await grace.send('/leave', request(2, { to: workday(30) }));
    expect(answer.status).toBe(422);
    expect(text(answer.body, '#field-to-error')).toMatch(/This takes \d+ days, and you have \d+ left/);
  });
});

describe('deciding on leave', () => {
  it('is for the manager, who finds it on the front page', async () => {
    const path = await requested(zoe, request(6));
    expect(
      load((await grace.open('/')).body)(`section[aria-label="Waiting for your decision"] a[href="${path}"]`),
    ).toHaveLength(1);
    expect(buttons((await grace.open(path)).body)).toEqual(['Approve', 'Refuse']);
    expect((await grace.send(`${path}/approve`)).status).toBe(200);
    expect(await stateOf(path)).toBe('approved');
    expect(await eventsOf(path)).toEqual(['app.human-resources.leave_requested', 'app.human-resources.leave_approved']);
    expect(text((await zoe.open(path)).body, '.details')).toContain('Grace Lindqvist');
  });

  it('shows who else of the team is away', async () => {
    const same = await requested(await signInAs(rp, 'adam.whitlock'), request(15));
    await grace.send(`${same}/approve`);
    const path = await requested(zoe, request(15));
    expect(load((await grace.open(path)).body)(`main table a[href="${same}"]`)).toHaveLength(1);
    expect(load((await zoe.open(path)).body)('main table')).toHaveLength(0);
  });

  it('is for an HR officer', async () => {
    const path = await requested(zoe, request(7));
    expect((await amelia.send(`${path}/refuse`, { note: 'Year end' })).status).toBe(200);
    expect(await stateOf(path)).toBe('refused');
  });

  it('needs a reason to refuse', async () => {
    const path = await requested(zoe, request(8));
    const answer = await grace.send(`${path}/refuse`, { note: ' ' });
    expect(answer.status).toBe(422);
    expect(text(answer.body, '#field-note-error')).toContain('Say why');
    expect(await stateOf(path)).toBe('requested');
  });

  it('is not for oneself, though an officer decides for everyone', async () => {
    const path = await requested(amelia, request(6));
    expect(buttons((await amelia.open(path)).body)).toEqual(['Withdraw']);
    expect((await amelia.send(`${path}/approve`)).status).toBe(403);
    expect(await stateOf(path)).toBe('requested');
    const martha = await signInAs(rp, 'martha.quill');
    expect((await martha.send(`${path}/approve`)).status).toBe(200);
    expect(await stateOf(path)).toBe('approved');
  });

  it('is not for a colleague, who does not even see it', async () => {
    const path = await requested(zoe, request(9));
    expect((await tomas.open(path)).status).toBe(404);
    expect((await tomas.send(`${path}/approve`)).status).toBe(404);
    expect(await stateOf(path)).toBe('requested');
  });

  it('is won by one of two who decide at once, and the other is told', async () => {
    const path = await requested(zoe, request(10));
    const answers = await Promise.all([grace.send(`${path}/approve`), amelia.send(`${path}/refuse`, { note: 'No' })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const loser = answers.find(({ status }) => status === 409)?.body ?? '';
    expect(text(loser, 'main')).toContain('decided on or withdrawn in the meantime');
  });
});

describe('withdrawing leave', () => {
  it('frees its days, and is for its own person only', async () => {
    const path = await requested(zoe, request(11));
    expect((await grace.send(`${path}/withdraw`, { state: 'requested' })).status).toBe(403);
    expect((await zoe.send(`${path}/withdraw`, { state: 'requested' })).status).toBe(200);
    expect(await stateOf(path)).toBe('withdrawn');
    await requested(zoe, request(11));
    expect((await zoe.send(`${path}/withdraw`, { state: 'requested' })).status).toBe(409);
  });

  it('S112 is not done from a page that says it still waits once it is approved, and is from one that says so', async () => {
    const path = await requested(zoe, request(13));
    const shown = async () => String(load((await zoe.open(path)).body)('main [name=state]').val());
    const waiting = await shown();
    await grace.send(`${path}/approve`);
    for (const fields of [{ state: waiting }, {}]) {
      expect((await zoe.send(`${path}/withdraw`, fields)).status).toBe(409);
    }
    expect(await stateOf(path)).toBe('approved');
    expect((await zoe.send(`${path}/withdraw`, { state: await shown() })).status).toBe(200);
    expect(await stateOf(path)).toBe('withdrawn');
  });
});

describe("everyone's leave", () => {
  it('is read by an auditor, who changes nothing', async () => {
    const path = await requested(zoe, request(12));
    expect((await ruth.open('/')).url).toBe(`${rp.url}/leave/all`);
    expect(load((await ruth.open('/leave/all?state=requested')).body)(`a[href="${path}"]`)).toHaveLength(1);
    expect(load((await ruth.open('/leave/all?state=refused')).body)(`a[href="${path}"]`)).toHaveLength(0);
    expect(buttons((await ruth.open(path)).body)).toEqual([]);
    for (const action of ['approve', 'refuse', 'withdraw']) {
      expect((await ruth.send(`${path}/${action}`, { note: 'No' })).status).toBe(403);
    }
    expect((await ruth.send('/leave', request(20))).status).toBe(403);
    expect(await stateOf(path)).toBe('requested');
  });

  it('is not for employees', async () => {
    expect((await tomas.open('/leave/all')).status).toBe(403);
    expect((await amelia.open('/leave/all')).status).toBe(200);
  });
});
