/** What the first bytes of a file must be, for each type of receipt. */
const signatures = [
  { contentType: 'application/pdf', extension: 'pdf', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { contentType: 'image/png', extension: 'png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { contentType: 'image/jpeg', extension: 'jpg', bytes: [0xff, 0xd8, 0xff] },
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
  return signature && { fileName: safeName(name, signature.extension), contentType: signature.contentType, content };
}

/** Letters, digits and plain punctuation of the last path part, with the extension that belongs to the type. */
function safeName(name: string, extension: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const stem = last
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N} ._()-]/gu, '')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, LONGEST_NAME);
  return `${stem || 'receipt'}.${extension}`;
}
