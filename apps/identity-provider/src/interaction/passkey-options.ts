import { createHmac } from 'node:crypto';
import { passkeySignInOptions } from '@gatehouse/accounts';
import type { Interaction } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';

type ChallengeDependencies = Pick<InteractionDependencies, 'issuer' | 'passkeyKey'>;

/**
 * What a passkey signs at sign-in. It follows from the interaction and its browser, and is over once somebody has
 * signed in: so an answer works in no other place and at no other time, and nothing has to be kept.
 */
export const challengeOf = ({ passkeyKey }: ChallengeDependencies, { uid, browser }: Interaction): Buffer =>
  createHmac('sha256', passkeyKey).update(`${uid}\n${browser}`).digest();

/** For the page, as JSON. */
export const passkeyOptions = (deps: ChallengeDependencies, interaction: Interaction): string =>
  JSON.stringify(passkeySignInOptions({ issuer: deps.issuer, challenge: challengeOf(deps, interaction) }));
