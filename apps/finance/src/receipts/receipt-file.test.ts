import { expect, it } from 'vitest';
import { receiptFile } from './receipt-file.ts';

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);
const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]);
const bytes = (text: string) => new TextEncoder().encode(text);

it('takes the type from the bytes', () => {
  expect(receiptFile('a.pdf', bytes('%PDF-1.7'))?.contentType).toBe('application/pdf');
  expect(receiptFile('a.pdf', png)?.contentType).toBe('image/png');
  expect(receiptFile('a.pdf', jpeg)?.contentType).toBe('image/jpeg');
});

it('gives the extension that belongs to the type', () => {
  expect(receiptFile('invoice.exe', png)?.fileName).toBe('invoice.png');
});

it.each([
  ['a page that calls itself a picture', bytes('<script>alert(1)</script>')],
  ['a drawing with scripts', bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['an empty file', new Uint8Array()],
  ['a cut signature', png.slice(0, 4)],
])('refuses %s', (_, content) => {
  expect(receiptFile('receipt.png', content)).toBeUndefined();
});

it.each([
  ['../../etc/passwd', 'passwd.png'],
  ['C:\\receipts\\taxi.png', 'taxi.png'],
  ['caf\u00e9 "d\'or"\r\nX: y.png', 'café "d\'or"X: y.png'],
  ['gnp.\u202Eexe.png', 'gnp.exe.png'],
  ['a\u0000b\u200Bc.png', 'abc.png'],
  ['.png', 'receipt.png'],
  ['', 'receipt.png'],
  [`${'x'.repeat(300)}.png`, `${'x'.repeat(100)}.png`],
  [`${'🧾'.repeat(300)}.png`, `${'🧾'.repeat(100)}.png`],
])('makes %j safe to offer for download', (name, expected) => {
  expect(receiptFile(name, png)?.fileName).toBe(expected);
});

it.each(['Quittung Ärzte “März” 2026.png', "Beleg & Co. (50 %) d'été; v1.PNG", '領収書 2026年.png', 'reçu #12.png'])(
  'C62 keeps the name %s',
  (name) => expect(receiptFile(name, png)?.fileName).toBe(name),
);

it('C62 keeps either extension of a JPEG, in decomposed letters too', () => {
  expect(receiptFile('Ma\u0308rz.jpeg', jpeg)?.fileName).toBe('März.jpeg');
  expect(receiptFile('a.JPG', jpeg)?.fileName).toBe('a.JPG');
});
