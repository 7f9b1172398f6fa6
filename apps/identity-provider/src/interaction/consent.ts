import { record } from '@gatehouse/audit';
import { CONSENT_DAYS, giveConsent } from '@gatehouse/clients';
import { listApps } from '@gatehouse/directory';
import type { Request, RequestHandler, Response } from 'express';
import { translatorOf } from '../languages/speak.ts';
import type { Translate } from '../languages/translate.ts';
import {
  type ClaimScope,
  claimsOf,
  finishContinue,
  finishRefused,
  type Interaction,
  InteractionError,
  interactionOf,
  type SignedInPerson,
} from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';

type NamedScope = ClaimScope | 'openid' | 'offline_access';

/** The app of somebody else asks what it may have; the page says what that is, with the person's own data. */
export async function renderConsent(
  { pool }: InteractionDependencies,
  res: Response,
  interaction: Interaction,
  person: SignedInPerson,
): Promise<void> {
  const { client, asks } = interaction;
  const t = translatorOf(res);
  const lines = (asks.scopes as NamedScope[]).map(async (scope) => ({
    title: t(`consent.scopes.${scope}.title`),
    text: t(`consent.scopes.${scope}.text`),
    values: shown(await claimsOf(pool, person.personId, client.clientId, scope)),
  }));
  res.render('interaction/consent', {
    title: t('consent.title', { app: client.title }),
    lede: t('consent.lede'),
    interaction,
    person,
    host: interaction.answersTo,
    lines: [...(await Promise.all(lines)), ...(await apiLines(t, pool, asks.apiScopes))],
    days: CONSENT_DAYS,
  });
}

/** Claims as a person reads them: no identifiers, no flags, an address in one line. */
function shown(claims: Record<string, unknown>): string[] {
  return Object.entries(claims).flatMap(([name, value]) => {
    if (name === 'given_name' || name === 'family_name' || typeof value === 'boolean') return [];
    if (Array.isArray(value)) return value.map(String);
    if (typeof value === 'object' && value && 'formatted' in value)
      return [String(value.formatted).replaceAll('\n', ', ')];
    return [String(value)];
  });
}

async function apiLines(t: Translate, pool: InteractionDependencies['pool'], apiScopes: Record<string, string[]>) {
  const audiences = Object.entries(apiScopes).filter(([, scopes]) => scopes.length > 0);
  if (audiences.length === 0) return [];
  const apps = await listApps(pool);
  return audiences.map(([audience, scopes]) => {
    const app = apps.find(({ url }) => audience.startsWith(`${url}/`));
    return { title: t('consent.useApi', { app: app?.title ?? audience }), text: '', values: scopes };
  });
}

/** Keeps the consent and goes on. */
export function allow({ provider, pool }: InteractionDependencies): RequestHandler {
  return async (req, res) => {
    const { asks, ...origin } = await consentAsked(provider, req, res);
    await giveConsent(pool, origin, asks);
    await finishContinue(provider, req, res);
  };
}

/** Back to the app with `access_denied`; what was agreed to before stands. */
export function decline({ provider, pool }: InteractionDependencies): RequestHandler {
  return async (req, res) => {
    const { asks, personId, ...origin } = await consentAsked(provider, req, res);
    const who = { actorPersonId: personId, subjectPersonId: personId, ...origin };
    await record(pool, { ...who, type: 'consent.declined', detail: { scopes: asks.scopes } });
    await finishRefused(provider, req, res, { description: 'the person declined' });
  };
}

/** @throws {InteractionError} where this interaction is not about consent */
async function consentAsked(provider: InteractionDependencies['provider'], req: Request, res: Response) {
  const { prompt, signedInPersonId: personId, client, asks } = await interactionOf(provider, req, res);
  if (prompt !== 'consent' || !personId) throw new InteractionError('This interaction does not ask for consent');
  return { personId, clientId: client.clientId, address: req.ip, requestId: String(req.id), asks };
}
