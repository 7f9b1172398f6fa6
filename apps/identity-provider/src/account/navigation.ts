import type { NavLink } from '@gatehouse/web';
import type { Translate } from '../languages/translate.ts';

/** What a signed-in person finds at the identity provider. */
export const accountNavigation = (t: Translate): readonly NavLink[] => [
  { href: '/', title: t('account.nav.apps') },
  { href: '/account', title: t('account.nav.account') },
  { href: '/account/sessions', title: t('account.nav.devices') },
  { href: '/account/history', title: t('account.nav.history') },
];
