import type { Translate } from './languages/translate.ts';

/** How long to wait, as people say it. `seconds` is 1 by default. */
export const waitInWords = (t: Translate, seconds = 1): string =>
  seconds < 100 ? t('common.seconds', { count: seconds }) : t('common.minutes', { count: Math.ceil(seconds / 60) });
