import type { Configuration } from 'oidc-provider';

/**
 * Under https the session cookie is a `__Host-` one, which no sibling site can set for us; the others belong to one
 * path each, for which `__Secure-` is the strongest prefix.
 */
export function cookies(issuer: string, keys: readonly string[]): Configuration['cookies'] {
  const secure = issuer.startsWith('https:');
  const options = { signed: true, httpOnly: true, sameSite: 'lax', secure } as const;
  return {
    keys: [...keys],
    names: secure
      ? {
          session: '__Host-gatehouse',
          interaction: '__Secure-gatehouse_interaction',
          resume: '__Secure-gatehouse_resume',
        }
      : { session: 'gatehouse', interaction: 'gatehouse_interaction', resume: 'gatehouse_resume' },
    long: { ...options, path: '/' },
    short: options,
  };
}
