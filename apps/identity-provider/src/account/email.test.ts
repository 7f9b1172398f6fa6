import { demoPassword } from '@gatehouse/prisma/seed';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csrfOf, mainOf, titleOf } from '../../testing/pages.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
beforeEach(() => running.db.owner.query('DELETE FROM credentials.throttle'));
afterAll(() => running.stop());

const at = (path = '') => `${running.issuer}/account${path}`;
const old = (login: string) => `${login}@harbour.example`;
const signedIn = async (login: string) => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, login);
  return browser;
};
const send = async (browser: Browser, path: string, fields = {}, headers = {}) =>
  browser.submit(at(path), { _csrf: csrfOf(await browser.visit(at())), ...fields }, { headers });
const ask = (browser: Browser, email: string, headers = {}) => send(browser, '/email', { email }, headers);
const emailOf = async (login: string) =>
  (await running.db.owner.query('SELECT email FROM directory.person WHERE login = $1', [login])).rows[0]?.email;
/** The latest mails to an address, once there are as many. */
const mailsTo = async (address: string, count = 1) => {
  const mails = async () => (await running.mailbox.list()).filter(({ to }) => to.address === address);
  await expect.poll(async () => (await mails()).length).toBe(count);
  return mails();
};
const linkTo = async (address: string) =>
  String(/https?:\/\/\S+confirm\S+/.exec((await mailsTo(address))[0]?.text ?? ''));
const confirm = async (page: Answer, browser = createBrowser()) =>
  browser.submit(`${running.issuer}/confirm-email`, {
    _csrf: csrfOf(page),
    token: String(load(page.body)('[name=token]').val()),
  });

describe('changing the e-mail address', () => {
  it('S43 tells the old address at once, takes effect when the link in the new mailbox is used, and tells again', async () => {
    const browser = await signedIn('grace.lindqvist');
    const asked = await ask(browser, ' Grace@Elsewhere.example ');
    expect(mainOf(asked)).toContain('It becomes grace@elsewhere.example when the link');
    expect((await mailsTo(old('grace.lindqvist')))[0]?.text).toContain('asked to change the e-mail address');
    const link = await linkTo('grace@elsewhere.example');
    expect(await emailOf('grace.lindqvist')).toBe(old('grace.lindqvist'));

    const page = await createBrowser().visit(link);
    expect(page.headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    expect(await emailOf('grace.lindqvist')).toBe(old('grace.lindqvist'));
    expect(titleOf(await confirm(page))).toBe('Your e-mail address is changed');
    expect(await emailOf('grace.lindqvist')).toBe('grace@elsewhere.example');
    expect((await mailsTo(old('grace.lindqvist'), 2))[0]?.text).toContain('is grace@elsewhere.example from now on');
    await mailsTo('grace@elsewhere.example', 2);
    expect(mainOf(await browser.visit(at()))).not.toContain('It becomes');
  });

  it('C57 takes an internationalised address, keeps it as mail servers write it, and shows it as people do', async () => {
    const browser = await signedIn('amelia.hart');
    const asked = await ask(browser, ' Amélia@MÜNCHEN.example\u{200b}');
    expect(mainOf(asked)).toContain('It becomes amélia@münchen.example when the link');
    const page = await createBrowser().visit(await linkTo('amélia@münchen.example'));
    expect(mainOf(page)).toContain('amélia@münchen.example');
    expect(titleOf(await confirm(page))).toBe('Your e-mail address is changed');
    expect(await emailOf('amelia.hart')).toBe('amélia@xn--mnchen-3ya.example');
    await signedIn('Amélia@münchen.example');
    await signedIn('ame\u{301}lia@xn--mnchen-3ya.example');
    const refused = await ask(browser, 'amelia@münchen');
    expect([refused.status, mainOf(refused)]).toEqual([422, expect.stringContaining('not an e-mail address')]);
  });

  it('S17 S40 takes a link once, not after an hour, and not once the person is disabled', async () => {
    const browser = await signedIn('dev.patel');
    await ask(browser, 'dev@elsewhere.example');
    const link = await linkTo('dev@elsewhere.example');
    const page = await createBrowser().visit(link);

    const { rows } = await running.db.owner.query('SELECT expires_at FROM credentials.email_change');
    await running.db.owner.query('UPDATE credentials.email_change SET expires_at = now()');
    expect((await createBrowser().visit(link)).status).toBe(410);
    expect((await confirm(page)).status).toBe(410);
    await running.db.owner.query('UPDATE credentials.email_change SET expires_at = $1', [rows[0].expires_at]);
    await running.db.owner.query(`UPDATE directory.person SET status = 'disabled' WHERE login = 'dev.patel'`);
    expect((await confirm(page)).status).toBe(410);
    await running.db.owner.query(`UPDATE directory.person SET status = 'active' WHERE login = 'dev.patel'`);
    expect(await emailOf('dev.patel')).toBe(old('dev.patel'));
  });

  it('S40 gives exactly one of two parallel uses the change', async () => {
    await ask(await signedIn('uma.iyer'), 'uma@elsewhere.example');
    const page = await createBrowser().visit(await linkTo('uma@elsewhere.example'));
    const answers = await Promise.all([confirm(page), confirm(page), confirm(page)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
    expect((await createBrowser().visit(page.url)).status).toBe(410);
  });

  it('S33 does not tell whether an address is taken; only who has it learns of it', async () => {
    const browser = await signedIn('samuel.price');
    const free = await ask(browser, 'free@elsewhere.example');
    const taken = await ask(browser, old('noor.haddad'));
    const shown = ({ body }: Answer, email: string) =>
      body
        .replaceAll(email, 'THAT')
        .replace(/name="_csrf" value="[^"]*"/g, '')
        .replace(/until [^<]*\./g, '');
    expect(shown(taken, old('noor.haddad'))).toBe(shown(free, 'free@elsewhere.example'));
    const [mail] = await mailsTo(old('noor.haddad'));
    expect(mail?.text).toContain('An account has it already');
    expect(mail?.text).not.toContain('confirm-email');
    expect(mail?.text).not.toContain('Samuel');
  });

  it('is refused where somebody else has got the address meanwhile', async () => {
    await ask(await signedIn('zoe.hartley'), 'wanted@elsewhere.example');
    const page = await createBrowser().visit(await linkTo('wanted@elsewhere.example'));
    await running.db.owner.query(
      `UPDATE directory.person SET email = 'wanted@elsewhere.example' WHERE login = 'leo.martins'`,
    );
    expect((await confirm(page)).status).toBe(410);
    expect(await emailOf('zoe.hartley')).toBe(old('zoe.hartley'));
  });

  it('S39 leads to the issuer, whatever the request says about the host', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil' };
    await ask(await signedIn('amelia.hart'), 'amelia@elsewhere.example', headers);
    expect(new URL(await linkTo('amelia@elsewhere.example')).origin).toBe(running.issuer);
  });

  it('can be called off, and dies with a new password, as do links to the old address with the change', async () => {
    const browser = await signedIn('ruth.abara');
    await ask(browser, 'first@elsewhere.example');
    const first = await linkTo('first@elsewhere.example');
    expect(mainOf(await send(browser, '/email/cancel'))).toContain('stays as it is');
    expect((await createBrowser().visit(first)).status).toBe(410);

    await ask(browser, 'second@elsewhere.example');
    const password = 'seven quiet otters dancing';
    await send(browser, '/password', { current: demoPassword, password, repeated: password });
    expect((await createBrowser().visit(await linkTo('second@elsewhere.example'))).status).toBe(410);

    await ask(browser, 'third@elsewhere.example');
    const personId = await running.db.personId('ruth.abara');
    await running.db.owner.query(
      `INSERT INTO credentials.one_time_link (token_hash, person_id, purpose, expires_at) VALUES ('\\x00', $1, 'reset', now() + interval '1 hour')`,
      [personId],
    );
    await confirm(await createBrowser().visit(await linkTo('third@elsewhere.example')));
    const { rowCount } = await running.db.owner.query('SELECT FROM credentials.one_time_link WHERE person_id = $1', [
      personId,
    ]);
    expect(rowCount).toBe(0);
  });

  it('says at the field what is wrong and keeps what was typed', async () => {
    const browser = await signedIn('yusuf.demir');
    for (const [email, says] of [
      ['', 'Enter the new address'],
      ['not an address', 'not an e-mail address'],
      [`${'a'.repeat(250)}@b.example`, 'too long'],
      [old('yusuf.demir').toUpperCase(), 'your address already'],
    ] as const) {
      const answer = await ask(browser, email);
      expect([answer.status, load(answer.body)('#field-email-error').text()]).toEqual([
        422,
        expect.stringContaining(says),
      ]);
      expect(load(answer.body)('[name=email]').val()).toBe(email);
    }
    expect(await mailsTo(old('yusuf.demir'), 0)).toEqual([]);
  });

  it('S30 sends three at most, then asks to wait', async () => {
    const browser = await signedIn('theo.barnes');
    for (let request = 0; request < 3; request++) await ask(browser, `many${request}@elsewhere.example`);
    const answer = await ask(browser, 'many@elsewhere.example');
    expect([answer.status, mainOf(answer)]).toEqual([429, expect.stringContaining('Too many requests')]);
  });

  it('S90 S21 stands in the database as a hash only, and takes no form but that of its link', async () => {
    await ask(await signedIn('wendy.clarke'), 'wendy@elsewhere.example');
    const link = await linkTo('wendy@elsewhere.example');
    const token = new URL(link).searchParams.get('token') ?? 'none';
    const { rows } = await running.db.owner.query('SELECT c::text AS row FROM credentials.email_change c');
    expect(rows.map(({ row }) => row).join()).not.toContain(token);
    const page = await createBrowser().visit(link);
    const forged = await createBrowser().submit(`${running.issuer}/confirm-email`, { _csrf: 'forged', token });
    expect(forged.status).toBe(403);
    expect((await confirm(page)).status).toBe(200);
  });
});
