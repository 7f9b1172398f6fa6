import { AccountsError } from '@gatehouse/accounts';
import type { FieldErrors } from '@gatehouse/web';
import type { Response } from 'express';
import { translatorOf } from './languages/speak.ts';
import { waitInWords } from './wait-in-words.ts';

/**
 * What somebody is told whose answer was not looked at, because there were too many or because we are too busy to check
 * it; and when to come back. Whatever else went wrong is thrown again.
 */
export function retryLater(res: Response, error: unknown): { status: number; errors: FieldErrors } {
  if (!(error instanceof AccountsError)) throw error;
  const t = translatorOf(res);
  if (error.retryAfter) res.set('retry-after', String(error.retryAfter));
  switch (error.code) {
    case 'throttled':
      return { status: 429, errors: { form: t('common.tooManyAttempts', { wait: waitInWords(t, error.retryAfter) }) } };
    case 'busy':
      return { status: 503, errors: { form: t('common.busy') } };
    default:
      throw error;
  }
}
