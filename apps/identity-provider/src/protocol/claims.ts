import { designationsOf, findPerson, rolesOf } from '@gatehouse/directory';
import type { AccountClaims, FindAccount } from 'oidc-provider';
import type { Pool } from 'pg';
import { accessOf } from './access.ts';

/** Which scope gives which claims (OpenID Connect Core 1.0 section 5.4); `org` is ours. */
export const claims: Record<string, string[]> = {
  openid: ['sub'],
  profile: ['name', 'preferred_username'],
  email: ['email', 'email_verified'],
  phone: ['phone_number'],
  org: ['departments', 'designations', 'roles'],
};

/**
 * A person is an account while they are active; where a token speaks for them, also only while they may open the
 * client that holds it. Their claims are read when asked for: a hop needs none but `sub`.
 */
export function createFindAccount(pool: Pool): FindAccount {
  return async (ctx, personId, token) => {
    const { active, mayOpen } = await accessOf(pool, ctx, personId);
    if (!active || (token && !mayOpen)) return undefined;
    const clientId = ctx.oidc.client?.clientId ?? '';
    return {
      accountId: personId,
      claims: (_use, scope) => claimsOf(pool, personId, clientId, new Set(scope.split(' '))),
    };
  };
}

async function claimsOf(pool: Pool, sub: string, clientId: string, scopes: Set<string>): Promise<AccountClaims> {
  const ours = ['profile', 'email', 'phone', 'org'].some((scope) => scopes.has(scope));
  const person = ours ? await findPerson(pool, sub) : undefined;
  if (!person) return { sub };
  return {
    sub,
    name: person.name,
    preferred_username: person.login,
    email: person.email,
    // The directory's addresses are given out by the organisation itself.
    email_verified: true,
    phone_number: person.phone ?? undefined,
    ...(scopes.has('org') && (await organisationOf(pool, sub, clientId))),
  };
}

/** Where they stand in the organisation, and what that gives them in the one app that asks. */
async function organisationOf(pool: Pool, personId: string, clientId: string) {
  const [designations, roles] = await Promise.all([designationsOf(pool, personId), rolesOf(pool, personId, clientId)]);
  return {
    departments: [...new Set(designations.map(({ department }) => department))],
    designations: designations.map(({ title }) => title),
    roles,
  };
}
