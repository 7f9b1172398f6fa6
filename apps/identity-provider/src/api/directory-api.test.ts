import { createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
let [noor, ruth, lena] = ['', '', ''];
let token: string;
beforeAll(async () => {
  running = await startProvider();
  [noor, ruth, lena] = (await Promise.all(['noor.haddad', 'ruth.abara', 'lena.novak'].map(running.db.personId))) as [
    string,
    string,
    string,
  ];
  token = await tokenFor('noor.haddad');
});
afterAll(() => running.stop());

async function tokenFor(login: string, scope = 'openid directory:manage', app = 'console', port = 4001) {
  const browser = createBrowser();
  await signIn(browser, running.issuer, login);
  const client = relyingParty(running, app, port);
  const code = await client.codeFor(browser, { scope, resource: `${running.issuer}/api` });
  return ((await (await client.redeem(code)).json()) as { access_token: string }).access_token;
}

async function call(path: string, body: object, bearer = token) {
  const response = await fetch(`${running.issuer}/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify(body),
  });
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: response.status, body: (await response.json()) as any };
}

const appointment = () => ({ person_id: lena, designation: 'finance-clerk', starts_on: '2026-01-01' });
const administrators = async () =>
  (
    await running.db.owner.query<{ id: string }>(
      "SELECT person_id AS id FROM directory.effective_role WHERE client_id = 'console' AND role = 'administrator'",
    )
  ).rows.map(({ id }) => id);

describe('S69 the API by which the console changes rights', () => {
  it('tells the effect, keeps nothing of a preview, and does it in the name of the administrator', async () => {
    const effect = [expect.objectContaining({ client_id: 'finance', role: 'clerk', change: 'gained' })];
    const preview = await call('/appointments', { ...appointment(), preview: true });
    expect(preview).toMatchObject({ status: 200, body: { effect: expect.arrayContaining(effect) } });
    const held = 'SELECT FROM directory.appointment WHERE person_id = $1';
    expect((await running.db.owner.query(held, [lena])).rowCount).toBe(0);
    const made = await call('/appointments', appointment());
    expect(made.body.effect).toEqual(preview.body.effect);
    const { rows } = await running.db.owner.query(
      "SELECT actor_person_id AS actor, detail FROM audit.event WHERE type = 'appointment.started' ORDER BY id DESC LIMIT 1",
    );
    expect(rows[0]).toMatchObject({ actor: noor, detail: { id: made.body.id } });
    const end = { person_id: lena, ends_on: '2026-01-02', shown_ends_on: null };
    expect((await call(`/appointments/${made.body.id}/end`, { ...end, person_id: ruth })).status).toBe(404);
    expect((await call(`/appointments/${made.body.id}/end`, end)).body.effect).toContainEqual(
      expect.objectContaining({ client_id: 'finance', role: 'clerk', change: 'lost' }),
    );
  });

  it('is for administrators, by a token of the console for this scope, and for nobody’s own rights', async () => {
    const refused: [string, string, object, number, string][] = [
      ['an auditor', await tokenFor('ruth.abara'), appointment(), 403, 'administrator_required'],
      [
        'a token for clients',
        await tokenFor('noor.haddad', 'openid clients:manage'),
        appointment(),
        403,
        'administrator_required',
      ],
      ['no token', '', appointment(), 401, 'token_refused'],
      ['their own rights', token, { ...appointment(), person_id: noor }, 403, 'own_rights'],
    ];
    for (const [who, bearer, body, status, error] of refused) {
      const answer = await call('/appointments', body, bearer);
      expect([answer.status, answer.body.error], who).toEqual([status, error]);
    }
  });

  it.each([
    ['a day that is none', { starts_on: '2026-02-30' }, 422],
    ['a person who is nobody', { person_id: '00000000-0000-4000-8000-000000000000' }, 404],
    ['a designation that is none', { designation: 'pope' }, 422],
    ['an operator in place of a text', { designation: { $ne: '' } }, 422],
    ['a last day before the first', { ends_on: '2025-12-31' }, 422],
  ])('refuses %s with a clear error, and writes nothing', async (_, change, status) => {
    const { rows } = await running.db.owner.query('SELECT count(*) AS n FROM directory.appointment');
    const answer = await call('/appointments', { ...appointment(), ...change });
    expect([answer.status, answer.body.error_description]).toEqual([status, expect.any(String)]);
    expect((await running.db.owner.query('SELECT count(*) AS n FROM directory.appointment')).rows).toEqual(rows);
  });

  it('S67 keeps the last administrator, also where two take each other’s right at once', async () => {
    await running.db.owner.query(
      `INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on)
       VALUES ($1, 'console', 'administrator', 'test', directory.today())`,
      [ruth],
    );
    await running.db.owner.query(
      `UPDATE directory.person SET status = 'disabled' WHERE id <> ALL ($1::uuid[]) AND id = ANY ($2::uuid[])`,
      [[noor, ruth], await administrators()],
    );
    const ruths = await tokenFor('ruth.abara');
    const own = await running.db.owner.query('SELECT id FROM directory.personal_grant WHERE person_id = $1', [ruth]);
    const post = await running.db.owner.query(
      `SELECT a.id FROM directory.appointment a JOIN directory.designation d ON d.id = a.designation_id
       WHERE person_id = $1 AND d.code = 'identity-administrator'`,
      [noor],
    );
    const answers = await Promise.all([
      call(`/grants/${own.rows[0].id}/withdraw`, { person_id: ruth }),
      call(`/appointments/${post.rows[0].id}/end`, { person_id: noor, ends_on: '2026-01-01' }, ruths),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, expect.any(Number)]);
    expect(await administrators()).toHaveLength(1);
  });
});
