import { type AccountsError, longestPassword, shortestPassword } from '@gatehouse/accounts';
import type { Translate } from './languages/translate.ts';

/** What is wrong with a new password that was refused. */
export const passwordFault = (t: Translate, { fault = 'guessable' }: AccountsError): string =>
  t(`password.faults.${fault}`, { shortest: shortestPassword, longest: longestPassword });
