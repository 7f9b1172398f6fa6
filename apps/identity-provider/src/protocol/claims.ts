import { designationsOf, rolesOf } from '@gatehouse/directory';
import type { Person } from '@gatehouse/prisma/client';
import type { AccountClaims, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import { accessOf } from './access.ts';
import { requestUnit } from './storage/request-unit.ts';
import { tokenCounts } from './token-counts.ts';

type Token = NonNullable<Parameters<FindAccount>[2]>;

type PersonColumns = Pick<Person, 'name' | 'givenName' | 'familyName' | 'login' | 'email' | 'phone' | 'address'>;

/** All that a claim may be made of: a person, and where they stand in the organisation and in the app that asks. */
export type ClaimSource = PersonColumns & {
  timeZone: string;
  departments: string[];
  designations: string[];
  /** In the client that asks, and in no other. */
  roles: string[];
};

/** What a claim is made of: it compiles only with what people have. `undefined` and `null` leave it out. */
export type Claim = (source: ClaimSource) => unknown;

/**
 * Which scope gives which claims, and what each is made of: the standard ones of OpenID Connect Core 1.0 section 5.4,
 * and `org`, which is ours. What a person does not have is left out.
 */
const claimsByScope = {
  profile: {
    name: ({ name }) => name,
    given_name: ({ givenName }) => givenName || undefined,
    family_name: ({ familyName }) => familyName || undefined,
    preferred_username: ({ login }) => login,
    zoneinfo: ({ timeZone }) => timeZone,
  },
  email: {
    email: ({ email }) => email,
    // The organisation gives out the addresses in its directory itself, and the numbers too; an address that somebody
    // chose themself was confirmed by a link.
    email_verified: () => true,
  },
  phone: {
    phone_number: ({ phone }) => phone,
    phone_number_verified: ({ phone }) => (phone === null ? undefined : true),
  },
  address: { address: ({ address }) => address },
  org: {
    departments: ({ departments }) => departments,
    designations: ({ designations }) => designations,
    roles: ({ roles }) => roles,
  },
} satisfies Record<string, Record<string, Claim>>;

export type ClaimScope = keyof typeof claimsByScope;

const scopeNames = Object.keys(claimsByScope) as ClaimScope[];

/** The same for the library: the names of the claims of each scope. */
export const claims: Record<string, string[]> = {
  openid: ['sub', 'auth_time', 'acr', 'amr'],
  ...Object.fromEntries(scopeNames.map((scope) => [scope, Object.keys(claimsByScope[scope])])),
};

/**
 * A person is an account while they are active; where a token speaks for them, only while that token counts. Their
 * claims are read when asked for: a hop needs none but `sub`.
 */
export function createFindAccount(pool: Pool): FindAccount {
  return async (ctx, personId, token) => {
    if (!(await isAccount(pool, ctx, personId, token))) return undefined;
    const clientId = ctx.oidc.client?.clientId ?? '';
    return {
      accountId: personId,
      async claims(use, scope) {
        if (use === 'id_token') requestUnit(ctx).idTokenScope = scope;
        const wanted = use === 'id_token' && ctx.oidc.client?.id_token_claims !== true ? '' : scope;
        return { ...(await claimsOf(pool, personId, clientId, wanted)), sub: personId } satisfies AccountClaims;
      },
    };
  };
}

/** What is about to be redeemed was issued a moment ago, when all of it was asked. */
async function isAccount(pool: Pool, ctx: KoaContextWithOIDC, personId: string, token: Token | undefined) {
  const isRedeemed = token?.kind === 'AuthorizationCode' || token?.kind === 'DeviceCode';
  if (!token || isRedeemed) {
    const { active, mayOpen } = await accessOf(pool, ctx, personId);
    return active && (!token || mayOpen);
  }
  const { clientId, sessionUid: session } = token as Token & { sessionUid?: string };
  return tokenCounts(pool, { clientId, accountId: personId, session });
}

/** The claims that a scope gives about a person to a client. */
export async function claimsOf(
  pool: Pool,
  personId: string,
  clientId: string,
  scope: string,
): Promise<Record<string, unknown>> {
  const scopes = new Set(scope.split(' '));
  const wanted = scopeNames.filter((name) => scopes.has(name));
  const source = wanted.length > 0 ? await readSource(pool, personId, clientId, scopes.has('org')) : undefined;
  if (!source) return {};
  const found = wanted.flatMap((name) =>
    Object.entries<Claim>(claimsByScope[name]).map(([claim, make]) => [claim, make(source)] as const),
  );
  return Object.fromEntries(found.filter(([, value]) => value !== null && value !== undefined));
}

async function readSource(
  pool: Pool,
  personId: string,
  clientId: string,
  withOrganisation: boolean,
): Promise<ClaimSource | undefined> {
  const { rows } = await pool.query<PersonColumns & { timeZone: string }>({
    name: 'claims.person',
    text: `SELECT p.name, p.given_name AS "givenName", p.family_name AS "familyName", p.login, p.email, p.phone,
                  p.address, o.time_zone AS "timeZone"
           FROM directory.person p CROSS JOIN directory.organisation o WHERE p.id = $1`,
    values: [personId],
  });
  const [person] = rows;
  if (!person) return undefined;
  const [held, roles] = withOrganisation
    ? await Promise.all([designationsOf(pool, personId), rolesOf(pool, personId, clientId)])
    : [[], []];
  return {
    ...person,
    departments: [...new Set(held.map(({ department }) => department))],
    designations: held.map(({ title }) => title),
    roles,
  };
}
