import type { RunningRelyingParty, Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConsoleWithApi } from '../../testing/console-with-api.ts';
import { errorAt, textOf } from '../../testing/read-page.ts';

let rp: RunningRelyingParty, noor: Visitor, ruth: Visitor, close: () => Promise<void>;
beforeAll(async () => {
  ({ rp, noor, ruth, close } = await startConsoleWithApi());
});
afterAll(() => close());

const path = '/apps/finance/roles/approver/rule';
const approvers = async () =>
  (
    await rp.db.owner.query(
      `SELECT p.login FROM directory.effective_role e JOIN directory.person p ON p.id = e.person_id
       WHERE client_id = 'finance' AND role = 'approver' ORDER BY 1`,
    )
  ).rows.map(({ login }) => login as string);
const rules = async () =>
  (await rp.db.owner.query("SELECT id FROM directory.access_rule WHERE client_id = 'finance' AND role = 'approver'"))
    .rows;
const confirm = (at: string, fields: Record<string, string> = {}) => noor.send(at, { ...fields, confirmed: 'yes' });

describe('D3 a rule that gives a role', () => {
  it('tells by name who gains it, gives it at once, and is taken away the same way', async () => {
    const before = await approvers();
    const to = 'designation finance-clerk';
    const preview = await noor.send(path, { to });
    expect(textOf(preview.body)).toMatch(
      /Give Approver in Finance to Finance Clerk, Finance\?.*gains? ?Finance: Approver.*Tomas Reyes/,
    );
    expect(await approvers()).toEqual(before);
    const added = await confirm(path, { to });
    expect(added.url).toBe(`${rp.url}/apps?done=rule-added`);
    expect(textOf(added.body)).toContain('Finance Clerk, Finance');
    expect(await approvers()).toContain('tomas.reyes');
    const event =
      "SELECT actor_person_id AS actor FROM audit.event WHERE type = 'access_rule.added' ORDER BY id DESC LIMIT 1";
    expect((await rp.db.owner.query(event)).rows).toEqual([{ actor: noor.personId }]);
    const again = await noor.send(path, { to });
    expect([again.status, errorAt(again.body, 'to')]).toEqual([422, 'There is this rule already']);

    const { rows } = await rp.db.owner.query(
      `SELECT ar.id FROM directory.access_rule ar JOIN directory.designation d ON d.id = ar.designation_id
       WHERE ar.client_id = 'finance' AND ar.role = 'approver' AND d.code = 'finance-clerk'`,
    );
    const removal = `/rules/${rows[0].id}/remove`;
    expect(load(added.body)(`form[action="${removal}"]`)).toHaveLength(1);
    expect(textOf((await noor.send(removal)).body)).toMatch(/loses? ?Finance: Approver.*Tomas Reyes/);
    expect(await approvers()).toContain('tomas.reyes');
    await confirm(removal);
    expect(await approvers()).toEqual(before);
    expect((await confirm(removal)).status).toBe(404);
  });

  it('reaches a department with all below it', async () => {
    const preview = await noor.send('/apps/finance/roles/auditor/rule', { to: 'department finance' });
    const { rows } = await rp.db.owner.query(
      `SELECT count(DISTINCT p.id)::int AS n FROM directory.held_designation h JOIN directory.person p ON p.id = h.person_id
       JOIN directory.department d ON d.id = ANY (h.lineage) WHERE d.code = 'finance' AND p.status = 'active'`,
    );
    expect(textOf(preview.body)).toContain(`${rows[0].n} people gain Finance: Auditor`);
  });

  it('S69 is not added by an auditor, nor by whoever would gain by it', async () => {
    const before = await rules();
    expect((await ruth.send(path, { to: 'department finance', confirmed: 'yes' })).status).toBe(403);
    const own = await confirm(path, { to: 'designation identity-administrator' });
    expect([own.status, textOf(own.body)]).toEqual([403, expect.stringContaining('Nobody changes their own rights')]);
    expect(await rules()).toEqual(before);
  });

  it.each([
    [{ to: '' }, 422, 'Choose a designation or department'],
    [{ to: 'designation no-such' }, 422, 'There is no such designation any more'],
    [{ to: 'department no-such' }, 422, 'There is no such department any more'],
  ])('is refused with %o, and nothing is written', async (fields, status, text) => {
    const before = await rules();
    const answer = await confirm(path, fields);
    expect([answer.status, errorAt(answer.body, 'to')]).toEqual([status, text]);
    expect(await rules()).toEqual(before);
  });

  it('is of a role that there is', async () => {
    expect((await noor.open('/apps/finance/roles/pope/rule')).status).toBe(404);
    expect((await noor.send('/apps/nowhere/roles/clerk/rule', { to: 'department finance' })).status).toBe(404);
  });
});
