import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actOnClaim, typedClaim as claim, claimRow, relyingPartyWith } from '../testing.ts';

let rp: RunningRelyingParty;
let humanResources: Server;
/** What Human Resources answers: who manages a person, by the path asked for; undefined is a failure. */
let managerId: string | null | undefined;
const asked: (string | undefined)[] = [];
/** Happens while Finance waits for that answer. */
let meanwhile: (() => Promise<unknown>) | undefined;

/** An HR assistant, the acting head of HR who manages her, two approvers, a clerk and an auditor. */
let stella: Visitor, samuel: Visitor, grace: Visitor, eleanor: Visitor, tomas: Visitor, ruth: Visitor;

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  asked.push(`${req.url} ${req.headers.authorization?.slice(0, 10)}`);
  await meanwhile?.();
  if (managerId === undefined) return void res.writeHead(503).end();
  const manager = managerId && { person_id: managerId, name: 'A manager', email: 'manager@harbour.example' };
  res.end(JSON.stringify({ manager }));
}

beforeAll(async () => {
  humanResources = createServer((req, res) => void answer(req, res));
  await new Promise<void>((resolve) => humanResources.listen(0, 'localhost', resolve));
  rp = await startRelyingParty(relyingPartyWith(`http://localhost:${(humanResources.address() as AddressInfo).port}`));
  stella = await signInAs(rp, 'stella.kim');
  samuel = await signInAs(rp, 'samuel.price');
  grace = await signInAs(rp, 'grace.lindqvist');
  eleanor = await signInAs(rp, 'eleanor.vance');
  tomas = await signInAs(rp, 'tomas.reyes');
  ruth = await signInAs(rp, 'ruth.abara');
});

beforeEach(() => {
  meanwhile = undefined;
  managerId = samuel.personId;
});

afterAll(async () => {
  await rp?.close();
  humanResources?.close();
});

async function drafted(visitor: Visitor, change: Record<string, string> = {}): Promise<string> {
  const answer = await visitor.send('/claims', claim(change));
  expect(answer.status).toBe(200);
  return new URL(answer.url).pathname;
}

async function submitted(visitor: Visitor, change: Record<string, string> = {}): Promise<string> {
  const path = await drafted(visitor, change);
  expect((await act(visitor, path, 'submit')).status).toBe(200);
  return path;
}

async function approved(visitor: Visitor): Promise<string> {
  const path = await submitted(visitor);
  expect((await eleanor.send(`${path}/approve`, { revision: '1' })).status).toBe(200);
  return path;
}

const rowOf = (path: string) => claimRow(rp, path);
const act = (visitor: Visitor, path: string, action: string, fields?: Record<string, string>) =>
  actOnClaim(rp, visitor, path, action, fields);
const eventsOf = async (path: string) =>
  (
    await rp.db.owner.query(`SELECT type FROM audit.event WHERE detail->>'claim' = $1 ORDER BY id`, [
      path.split('/').at(-1),
    ])
  ).rows.map(({ type }) => type.replace('app.finance.', ''));
const text = (html: string, selector = 'main') => load(html)(selector).text().replace(/\s+/g, ' ').trim();
const buttons = (html: string) =>
  load(html)('main button, main a.button')
    .map((_, button) => load(button).text().trim())
    .get();

describe('writing a claim', () => {
  it('says at the field what is wrong, keeps what was typed and writes nothing', async () => {
    const answer = await stella.send('/claims', claim({ amount: '12,5', title: '"Quotes" & <tags>' }));
    expect(answer.status).toBe(422);
    expect(text(answer.body, '#field-amount-error')).toContain('Enter the amount in pounds');
    expect(load(answer.body)('#field-amount').val()).toBe('12,5');
    expect(load(answer.body)('#field-title').val()).toBe('"Quotes" & <tags>');
    expect((await rp.db.owner.query('SELECT FROM finance.claim')).rowCount).toBe(0);
  });

  it('makes a private draft that its claimant changes and deletes', async () => {
    const path = await drafted(stella);
    expect(buttons((await stella.open(path)).body)).toEqual(['Submit', 'Change', 'Delete']);
    for (const other of [grace, tomas, ruth, samuel]) expect((await other.open(path)).status).toBe(404);

    expect(load((await stella.open(`${path}/edit`)).body)('#field-amount').val()).toBe('8.40');
    expect((await act(stella, path, 'edit', claim({ amount: '9.10' }))).status).toBe(200);
    expect(await rowOf(path)).toMatchObject({ amount: 910, revision: 2, state: 'draft' });
    expect((await act(stella, path, 'delete')).status).toBe(200);
    expect(await rowOf(path)).toBeUndefined();
    expect(await eventsOf(path)).toEqual(['claim_created', 'claim_edited', 'claim_deleted']);
  });
});

describe('submitting a claim', () => {
  it("goes to the claimant's manager, as Human Resources says on their behalf", async () => {
    const path = await drafted(stella);
    asked.length = 0;
    const answer = await act(stella, path, 'submit');
    expect(asked).toEqual([`/api/people/${stella.personId}/manager Bearer eyJ`]);
    expect(await rowOf(path)).toMatchObject({ state: 'submitted', approver_id: samuel.personId });
    expect(text(answer.body)).toContain('Your manager decides on it');
    expect(text(answer.body)).toContain('Sent to Samuel Price');
    expect(
      load((await samuel.open('/')).body)(`section[aria-label="Waiting for your decision"] a[href="${path}"]`),
    ).toHaveLength(1);
  });

  it('goes to the approvers with a plain note while Human Resources is down', async () => {
    managerId = undefined;
    const path = await drafted(stella);
    const answer = await act(stella, path, 'submit');
    expect(answer.status).toBe(200);
    expect(text(answer.body, '.alert')).toContain('Human Resources could not say who your manager is just now');
    expect(await rowOf(path)).toMatchObject({ state: 'submitted', approver_id: null });
    expect((await grace.send(`${path}/approve`, { revision: '1' })).status).toBe(200);
  });

  it('goes to the approvers where there is no manager, or one who cannot open this app', async () => {
    for (const manager of [null, await rp.db.personId('ines.carvalho')]) {
      managerId = manager;
      const path = await submitted(stella);
      expect((await rowOf(path)).approver_id).toBeNull();
    }
  });

  it('needs a receipt from ten pounds on', async () => {
    const path = await drafted(stella, { amount: '10.00' });
    const answer = await act(stella, path, 'submit');
    expect(answer.status).toBe(422);
    expect(text(answer.body, '.error-summary')).toContain('Add a receipt first');
    expect((await rowOf(path)).state).toBe('draft');
  });
});

describe('deciding on a claim', () => {
  it('is for the manager it was sent to, though they have no approver role', async () => {
    const path = await submitted(stella);
    expect(buttons((await samuel.open(path)).body)).toEqual(['Approve', 'Refuse']);
    expect((await samuel.send(`${path}/approve`, { revision: '1' })).status).toBe(200);
    expect(await rowOf(path)).toMatchObject({ state: 'approved', decided_by_id: samuel.personId });
    expect(await eventsOf(path)).toEqual(['claim_created', 'claim_submitted', 'claim_approved']);
  });

  it('is not for the claimant, whatever roles they hold', async () => {
    managerId = eleanor.personId;
    const path = await submitted(grace);
    expect(buttons((await grace.open(path)).body)).toEqual([]);
    expect((await grace.send(`${path}/approve`, { revision: '1' })).status).toBe(403);
    expect((await rowOf(path)).state).toBe('submitted');
    expect((await eleanor.send(`${path}/approve`, { revision: '1' })).status).toBe(200);
  });

  it('is neither for clerks and auditors, who see it, nor for colleagues, who do not', async () => {
    const path = await submitted(stella);
    for (const [visitor, status] of [
      [tomas, 403],
      [ruth, 403],
      [await signInAs(rp, 'rosa.marin'), 404],
    ] as const) {
      const page = await visitor.open(path);
      expect(page.status).toBe(status === 404 ? 404 : 200);
      if (page.status === 200) expect(buttons(page.body)).toEqual([]);
      expect((await visitor.send(`${path}/approve`, { revision: '1' })).status).toBe(status);
    }
    expect((await rowOf(path)).state).toBe('submitted');
  });

  it('says why when it refuses, and the claimant puts it right', async () => {
    const path = await submitted(stella);
    const silent = await samuel.send(`${path}/refuse`, { revision: '1', note: '' });
    expect([silent.status, text(silent.body, '#field-note-error')]).toEqual([422, expect.stringContaining('Say why')]);
    expect((await samuel.send(`${path}/refuse`, { revision: '1', note: 'Wrong cost centre' })).status).toBe(200);
    expect(text((await stella.open(path)).body)).toContain('Wrong cost centre');

    await act(stella, path, 'edit', claim({ costCentre: '4220' }));
    await act(stella, path, 'submit');
    expect(await rowOf(path)).toMatchObject({ state: 'submitted', revision: 2, decided_by_id: null });
  });

  it('S112 is not submitted as something else than what was read, and is when nothing changes', async () => {
    const path = await drafted(stella);
    meanwhile = () => act(stella, path, 'edit', claim({ amount: '9999.00' }));
    expect((await act(stella, path, 'submit')).status).toBe(409);
    expect(await rowOf(path)).toMatchObject({ amount: 999_900, revision: 2, state: 'draft' });
    meanwhile = undefined;
    expect((await act(stella, path, 'submit')).status).toBe(422);
    expect((await act(stella, path, 'edit', claim())).status).toBe(200);
    expect((await act(stella, path, 'submit')).status).toBe(200);
    expect(await rowOf(path)).toMatchObject({ amount: 840, revision: 3, state: 'submitted' });
  });

  it('is refused on a revision that the approver has not seen', async () => {
    const path = await submitted(stella);
    await samuel.send(`${path}/refuse`, { revision: '1', note: 'No' });
    await act(stella, path, 'edit', claim({ amount: '9.90' }));
    await act(stella, path, 'submit');
    expect((await grace.send(`${path}/approve`, { revision: '1' })).status).toBe(409);
    expect((await grace.send(`${path}/approve`, { revision: '2' })).status).toBe(200);
  });

  it('is won by one of two who decide at once, and the other is told', async () => {
    const path = await submitted(stella);
    const answers = await Promise.all(
      [grace, eleanor, samuel].map((visitor) => visitor.send(`${path}/approve`, { revision: '1' })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect(text(answers.find(({ status }) => status === 409)?.body ?? '')).toContain(
      'Somebody changed this claim just before you',
    );
    expect((await eventsOf(path)).filter((event) => event === 'claim_approved')).toHaveLength(1);
  });
});

describe('paying a claim', () => {
  it('is for a clerk, once', async () => {
    const path = await approved(stella);
    expect(load((await tomas.open('/')).body)(`section[aria-label="To pay"] a[href="${path}"]`)).toHaveLength(1);
    expect(buttons((await tomas.open(path)).body)).toEqual(['Mark £8.40 as paid']);
    const theo = await signInAs(rp, 'theo.barnes');
    const answers = await Promise.all([tomas, theo].map((clerk) => act(clerk, path, 'pay')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect((await rowOf(path)).state).toBe('paid');
  });

  it('is not for the clerk who claimed it', async () => {
    managerId = grace.personId;
    const path = await approved(tomas);
    expect(buttons((await tomas.open(path)).body)).toEqual([]);
    expect((await act(tomas, path, 'pay')).status).toBe(403);
    expect((await rowOf(path)).state).toBe('approved');
  });

  it('comes after approval, and is for nobody else', async () => {
    const waiting = await submitted(stella);
    expect((await act(tomas, waiting, 'pay')).status).toBe(409);
    const path = await approved(stella);
    for (const other of [stella, grace, ruth]) expect((await act(other, path, 'pay')).status).toBe(403);
  });
});

describe('all claims', () => {
  it('are read by an auditor, who changes nothing', async () => {
    const path = await submitted(stella);
    expect((await ruth.open('/')).url).toBe(`${rp.url}/claims/all`);
    expect(load((await ruth.open('/claims/all?state=submitted')).body)(`a[href="${path}"]`)).toHaveLength(1);
    expect(load((await ruth.open('/claims/all?state=paid')).body)(`a[href="${path}"]`)).toHaveLength(0);
    for (const action of ['edit', 'submit', 'approve', 'refuse', 'pay', 'delete']) {
      expect((await ruth.send(`${path}/${action}`, { revision: '1', note: 'x' })).status, action).toBe(403);
    }
    expect((await ruth.send('/claims', claim())).status).toBe(403);
  });

  it('are not for claimants', async () => {
    expect((await stella.open('/claims/all')).status).toBe(403);
  });
});
