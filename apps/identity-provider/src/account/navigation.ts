import type { NavLink } from '@gatehouse/web';

/** What a signed-in person finds at the identity provider. */
export const accountNavigation: readonly NavLink[] = [
  { href: '/', title: 'Your apps' },
  { href: '/account', title: 'Account' },
  { href: '/account/sessions', title: 'Devices' },
  { href: '/account/history', title: 'History' },
];
