import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import { accessOf } from './access.ts';
import { acrAskedOf, reaches, TWO_FACTOR } from './authentication-context.ts';

const { Check, Prompt, base } = interactionPolicy;

/**
 * The questions that stand between an authorization request and its answer, in this order: choose an account, sign
 * in, may you open this app, do you consent.
 */
export function createInteractionPolicy(pool: Pool) {
  const policy = base();
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  policy.get('login')?.checks.add(accountInactive());
  policy.get('login')?.checks.add(acrTooLow());
  policy.get('login')?.checks.add(secondFactorRequired(pool));
  policy.get('login')?.checks.add(signedInTooLongAgo());
  policy.add(accessPrompt(pool), 2);
  return policy;
}

/** The session's person is gone or disabled. Without this check the consent prompt would stumble over them. */
const accountInactive = () =>
  new Check(
    'account_inactive',
    'the account of this session cannot be used',
    'login_required',
    ({ oidc }: KoaContextWithOIDC) => Boolean(oidc.session?.accountId && !oidc.account),
  );

/** The app asks for more than this session's sign-in amounts to: another factor is needed, but no new session. */
const acrTooLow = () =>
  new Check(
    'acr_too_low',
    'the sign-in of this session is weaker than what is asked for',
    'interaction_required',
    ({ oidc }: KoaContextWithOIDC) => {
      const asked = acrAskedOf(oidc.client, oidc.params?.acr_values);
      return Boolean(asked && oidc.session?.accountId && oidc.account && !reaches(oidc.session.acr, asked));
    },
  );

/** `default_max_age` of the client is a ceiling: `max_age` in the address of a request does not lift it. */
const signedInTooLongAgo = () =>
  new Check(
    'max_age',
    'the sign-in of this session is older than the client is registered to take',
    'login_required',
    ({ oidc }: KoaContextWithOIDC) => {
      const { session, client, result } = oidc;
      if (client?.defaultMaxAge === undefined || !session?.accountId || result?.login) return false;
      return session.past(client.defaultMaxAge);
    },
  );

/**
 * The app, or a role that the person has in it, needs a second factor, and this session has seen none: the same step as
 * where the app asks by `acr_values`. Only here does a remembered device take its place.
 */
const secondFactorRequired = (pool: Pool) =>
  new Check(
    'second_factor_required',
    'this person needs a second factor for the app',
    'interaction_required',
    async (ctx: KoaContextWithOIDC) => {
      const { session, account } = ctx.oidc;
      if (!session?.accountId || !account || reaches(session.acr, TWO_FACTOR)) return false;
      const access = await accessOf(pool, ctx, account.accountId);
      return access.mayOpen && access.secondFactorRequired && !access.deviceRemembered;
    },
  );

/**
 * Closed by default: no role in the app, no code. An app cannot ask for this prompt, nor can an answer lift it; only
 * a changed right or another person does.
 */
const accessPrompt = (pool: Pool) =>
  new Prompt(
    { name: 'access', requestable: false },
    new Check('no_role', 'this person has no access to the app', 'access_denied', async (ctx: KoaContextWithOIDC) => {
      const personId = ctx.oidc.account?.accountId;
      return !personId || !(await accessOf(pool, ctx, personId)).mayOpen;
    }),
  );
