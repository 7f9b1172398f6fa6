import { HttpError, type HttpErrorOptions } from '@gatehouse/web';
import { en } from './en.ts';

/**
 * An error with the text that the language files have for its code. The page says it in the language of its reader; the
 * log and the answer to a script are in English.
 */
export const refusal = (status: number, code: keyof typeof en.errors, options?: HttpErrorOptions): HttpError =>
  new HttpError(status, code, en.errors[code], options);
