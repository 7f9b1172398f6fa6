/** What the first bytes of a file must be, for each type of receipt. */
const signatures = [
  { contentType: 'application/pdf', extensions: ['pdf'], bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { contentType: 'image/png', extensions: ['png'], bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { contentType: 'image/jpeg', extensions: ['jpg', 'jpeg'], bytes: [0xff, 0xd8, 0xff] },
] as const;

/** Bytes at most. */
export const largestReceipt = 5 * 1024 * 1024;

const LONGEST_NAME = 100;

export interface ReceiptFile {
  fileName: string;
  contentType: (typeof signatures)[number]['contentType'];
  content: Uint8Array<ArrayBuffer>;
}

/**
 * A receipt from an uploaded file: its type from its bytes, its name made safe to offer for download.
 * `undefined` when it is no PDF, PNG or JPEG, whatever its name says.
 */
export function receiptFile(name: string, content: Uint8Array<ArrayBuffer>): ReceiptFile | undefined {
  const signature = signatures.find(({ bytes }) => bytes.every((byte, index) => content[index] === byte));
  return signature && { fileName: safeName(name, signature.extensions), contentType: signature.contentType, content };
}

/**
 * The name as its owner gave it, in as far as it is one name of a file: its last path part, without characters that are
 * not seen or turn the direction of what follows, and with an extension that belongs to the type. Quoting it for a
 * header is the business of whoever sends one.
 */
function safeName(name: string, extensions: readonly string[]): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const [, stem = last, extension = ''] = /^(.*)\.([^.]*)$/s.exec(last) ?? [];
  const seen = [...stem.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').replace(/^[. ]+|[. ]+$/g, '')];
  const kept = extensions.includes(extension.toLowerCase()) ? extension : extensions[0];
  return `${seen.slice(0, LONGEST_NAME).join('').trim() || 'receipt'}.${kept}`;
}
