import { storable } from '@gatehouse/web';
import type { Request, RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { largestReceipt, type ReceiptFile, receiptFile } from './receipt-file.ts';

const parse = multer({
  storage: multer.memoryStorage(),
  defParamCharset: 'utf8',
  limits: { files: 1, fileSize: largestReceipt, fields: 20, fieldSize: 16 * 1024 },
}).single('receipt');

const tooLarge = new WeakSet<Request>();

/**
 * Parses a multipart form with one file, `receipt`, which stands last in the form. A file that is too large is no
 * failure: what was typed before it is kept, and `receiptOf` says what is wrong.
 */
export const receiveReceipt: RequestHandler = storable((req, res, next) => {
  parse(req, res, (error: unknown) => {
    if (!error) return next();
    // Whatever else is wrong with a multipart form is the sender's fault.
    if (!(error instanceof MulterError) || error.code !== 'LIMIT_FILE_SIZE')
      return next(Object.assign(error as Error, { status: 400 }));
    tooLarge.add(req);
    next();
  });
});

/** The receipt of a parsed form: a file, what is wrong with it, or neither where none was chosen. */
export function receiptOf(req: Request): { file?: ReceiptFile; fault?: string } {
  if (tooLarge.has(req)) return { fault: 'The receipt is larger than 5 MB' };
  if (!req.file) return {};
  const file = receiptFile(req.file.originalname, new Uint8Array(req.file.buffer));
  return file ? { file } : { fault: 'A receipt is a PDF, a PNG or a JPEG file' };
}
