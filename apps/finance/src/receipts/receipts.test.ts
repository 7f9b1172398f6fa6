import { type RunningRelyingParty, signInAs, startRelyingParty, type Visitor } from '@gatehouse/test-kit/relying-party';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../testing.ts';
import { largestReceipt } from './receipt-file.ts';

let rp: RunningRelyingParty;
let stella: Visitor;

beforeAll(async () => {
  rp = await startRelyingParty(relyingParty);
  stella = await signInAs(rp, 'stella.kim');
});

afterAll(() => rp?.close());

const pdf = (size = 200) => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(size - 9, 'x')]);

/** Sends the form of a claim with a file in it, as a browser would. */
async function send(path: string, file: { name: string; content: Buffer }, change: Record<string, string> = {}) {
  const form = new FormData();
  const fields = {
    _csrf: await stella.formToken(),
    title: 'Hotel in Leeds',
    spentOn: Temporal.Now.plainDateISO().toString(),
    amount: '95.00',
    category: 'accommodation',
    costCentre: '4210',
    note: '',
    ...change,
  };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // The type is what a browser makes of the name, so it says nothing about the file.
  form.append('receipt', new Blob([Uint8Array.from(file.content)], { type: 'application/pdf' }), file.name);
  const cookie = (await stella.browser.cookies(rp.url)).map((each) => each.cookieString()).join('; ');
  return fetch(`${rp.url}${path}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
    headers: {
      cookie,
      origin: rp.url,
      accept: 'text/html',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'same-origin',
    },
  });
}

const errorOf = async (answer: Response) => {
  const page = load(await answer.text());
  return { receipt: page('#field-receipt-error').text(), title: page('#field-title').val() };
};
const countClaims = async () => (await rp.db.owner.query('SELECT FROM finance.claim')).rowCount;

describe('a receipt', () => {
  it('is kept with its claim, and comes back as a download that no page of ours runs', async () => {
    const answer = await send('/claims', { name: 'Rechnung März.pdf', content: pdf() });
    expect(answer.status).toBe(303);
    const path = answer.headers.get('location')?.split('?')[0];
    const cookie = (await stella.browser.cookies(rp.url)).map((each) => each.cookieString()).join('; ');
    const download = await fetch(`${rp.url}${path}/receipt`, { headers: { cookie } });
    expect(Buffer.from(await download.arrayBuffer())).toEqual(pdf());
    expect(Object.fromEntries(download.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="Rechnung M?rz.pdf"; filename*=UTF-8''Rechnung%20M%C3%A4rz.pdf`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('is replaced by the one of a later edit', async () => {
    const path = (await send('/claims', { name: 'one.pdf', content: pdf() })).headers.get('location')?.split('?')[0];
    const edited = await send(`${path}/edit`, { name: 'two.pdf', content: pdf(300) }, { revision: '1' });
    expect(edited.status).toBe(303);
    expect(load((await stella.open(path ?? '')).body)('main').text()).toContain('two.pdf');
  });

  it('is shown only to those who see the claim', async () => {
    const path =
      (await send('/claims', { name: 'a.pdf', content: pdf() })).headers.get('location')?.split('?')[0] ?? '';
    const rosa = await signInAs(rp, 'rosa.marin');
    const ruth = await signInAs(rp, 'ruth.abara');
    for (const visitor of [rosa, ruth]) expect((await visitor.open(`${path}/receipt`)).status).toBe(404);
    await stella.send(`${path}/submit`, { revision: '1' });
    expect((await rosa.open(`${path}/receipt`)).status).toBe(404);
    expect((await ruth.open(`${path}/receipt`)).status).toBe(200);
  });

  it('is refused at its field when it is no picture and no PDF, whatever its name says', async () => {
    const before = await countClaims();
    const answer = await send('/claims', { name: 'receipt.pdf', content: Buffer.from('<script>alert(1)</script>') });
    expect(answer.status).toBe(422);
    expect(await errorOf(answer)).toEqual({
      receipt: expect.stringContaining('A receipt is a PDF, a PNG or a JPEG file'),
      title: 'Hotel in Leeds',
    });
    expect(await countClaims()).toBe(before);
  });

  it('is refused at its field when it is too large, and taken at just the limit', async () => {
    const answer = await send('/claims', { name: 'large.pdf', content: pdf(largestReceipt + 1) });
    expect(answer.status).toBe(422);
    expect(await errorOf(answer)).toEqual({
      receipt: expect.stringContaining('larger than 5 MB'),
      title: 'Hotel in Leeds',
    });
    expect((await send('/claims', { name: 'large.pdf', content: pdf(largestReceipt) })).status).toBe(303);
  });

  it('has to be chosen again when another field is wrong', async () => {
    const answer = await send('/claims', { name: 'a.pdf', content: pdf() }, { amount: 'much' });
    expect(answer.status).toBe(422);
    expect((await errorOf(answer)).receipt).toContain('Choose the receipt again');
  });

  it('S21 is not taken without the token of a form', async () => {
    const before = await countClaims();
    expect((await send('/claims', { name: 'a.pdf', content: pdf() }, { _csrf: 'x' })).status).toBe(403);
    expect(await countClaims()).toBe(before);
  });
});
