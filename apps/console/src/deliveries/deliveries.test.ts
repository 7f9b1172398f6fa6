import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../../testing/relying-party.ts';
import { describeError } from './describe-error.ts';

let rp: RunningRelyingParty;
let noor: Visitor;
let tomas: string;
beforeAll(async () => {
  rp = await startRelyingParty(relyingParty);
  noor = await signInAs(rp, 'noor.haddad');
  tomas = await rp.db.personId('tomas.reyes');
  const grace = await rp.db.personId('grace.lindqvist');
  await rp.db.owner.query(
    `INSERT INTO directory.app (client_id, title, description, url, first_party) VALUES ('library', 'Library', '', '', false)`,
  );
  await rp.db.owner.query(
    `INSERT INTO protocol.removed_client (client_id, title, metadata) VALUES ('museum', 'Museum', '{}')`,
  );
  await rp.db.owner.query(
    `INSERT INTO protocol.logout_delivery
       (session_uid, client_id, sid, person_id, created_at, pointless_at, attempts, delivered_at, last_error)
     VALUES
       ('s', 'library', 'waiting', $1, now(), now() + interval '1 hour', 0, NULL, NULL),
       ('s', 'library', 'failing', $2, now() - interval '1 minute', now() + interval '1 hour', 3, NULL,
        'expected 200 OK from https://library.example/logout, got: 503 Service Unavailable'),
       ('s', 'museum', 'told', $1, now() - interval '2 minutes', now() + interval '1 hour', 2, now(), NULL),
       ('s', 'museum', 'over', $1, now() - interval '3 hours', now() - interval '1 hour', 9, NULL,
        'fetch failed: ECONNREFUSED')`,
    [tomas, grace],
  );
});
afterAll(() => rp.close());

const rowsOf = (body: string) => {
  const html = load(body);
  return html('tbody tr')
    .toArray()
    .map((row) => html(row).text().replace(/\s+/g, ' ').trim());
};
const rowsAt = async (path: string) => rowsOf((await noor.open(path)).body);

describe('the page of deliveries', () => {
  it('says of each app, person and state, how often it was tried, why not, and what comes next', async () => {
    expect(await rowsAt('/deliveries')).toEqual([
      expect.stringMatching(/^Library Tomas Reyes Being told .* 0 .*until /),
      expect.stringMatching(
        /^Library Grace Lindqvist Not reached yetIt answered 503 Service Unavailable\. .* 3 .*until /,
      ),
      expect.stringMatching(/^Museum Removed Tomas Reyes Told .* 2 Told /),
      expect.stringMatching(
        /^Museum Removed Tomas Reyes Given upNothing listens at its address\. .* 9 Its session ended /,
      ),
    ]);
  });

  it('shows one state, one app or one person, and keeps what was asked for', async () => {
    expect(await rowsAt('/deliveries?state=failing')).toEqual([expect.stringContaining('Grace Lindqvist')]);
    expect(await rowsAt('/deliveries?app=museum&state=told')).toHaveLength(1);
    expect(await rowsAt(`/deliveries?person=${tomas}&app=library`)).toEqual([expect.stringContaining('Being told')]);
    const { body } = await noor.open(`/deliveries?person=${tomas}&app=museum`);
    const html = load(body);
    expect([html('[name=app]').val(), html('main [name=person]').val()]).toEqual(['museum', tomas]);
    expect(html('main').text()).toContain('sign-outs of Tomas Reyes');
    expect(await rowsAt('/deliveries?state=x&app=nobody&page=x')).toEqual([]);
    expect(await rowsAt("/deliveries?person=1'--")).toHaveLength(4);
  });

  it('is reached from the page of a person', async () => {
    const { body } = await noor.open(`/people/${tomas}`);
    expect(load(body)(`a[href="/deliveries?person=${tomas}"]`)).toHaveLength(1);
  });

  it('is shown in pages', async () => {
    await rp.db.owner.query(
      `INSERT INTO protocol.logout_delivery (session_uid, client_id, sid, person_id, pointless_at)
       SELECT 's', 'many', 'many-' || n, $1, now() + interval '1 hour' FROM generate_series(1, 30) n`,
      [tomas],
    );
    const first = await noor.open('/deliveries?app=many');
    expect(rowsOf(first.body)).toHaveLength(25);
    expect(await rowsAt(load(first.body)('a[rel=next]').attr('href') ?? '')).toHaveLength(5);
  });

  it('S69 is the administrator’s alone', async () => {
    const ruth = await signInAs(rp, 'ruth.abara');
    expect((await ruth.open('/deliveries')).status).toBe(403);
    expect(load((await ruth.open('/people')).body)('nav a[href="/deliveries"]')).toHaveLength(0);
    expect((await noor.open('/deliveries')).status).toBe(200);
  });
});

it.each([
  ['expected 200 OK from https://a.example, got: 302 Found', 'It answered 302 Found.'],
  ['fetch failed: ENOTFOUND', 'Its host name is not known.'],
  ['The operation was aborted due to timeout', 'It did not answer in time.'],
  ['fetch failed: hostname resolves to a special-use IP address', /private network/],
  ['fetch failed: DEPTH_ZERO_SELF_SIGNED_CERT', /certificate/],
  ['something else', 'something else'],
])('says %s in words', (noted, words) => {
  expect(describeError(noted)).toMatch(words);
});
