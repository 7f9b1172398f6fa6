import { type Proof, rememberDevice, rememberedDays, useRememberedDevice } from '@gatehouse/accounts';
import type { Request, Response } from 'express';
import { deviceOf } from '../device.ts';
import { deviceCookie, type Interaction, reaches, TWO_FACTOR } from '../protocol/index.ts';
import { readCookie } from '../read-cookie.ts';
import type { InteractionDependencies } from './dependencies.ts';

type DeviceDependencies = Pick<InteractionDependencies, 'pool' | 'issuer'>;

/**
 * Whether this sign-in may do without the second factor, because the person showed it in this browser before and asked
 * to be remembered. Not where the app asks for it by `acr_values`: what is asked for then is the factor, now.
 */
export async function isRemembered(
  { pool, issuer }: DeviceDependencies,
  req: Request,
  { acrAsked }: Interaction,
  personId: string,
): Promise<boolean> {
  if (acrAsked && reaches(acrAsked, TWO_FACTOR)) return false;
  return useRememberedDevice(pool, personId, readCookie(req, deviceCookie(issuer)));
}

/** From now on this browser is remembered as this person's, and no longer as anybody else's. */
export async function remember(
  { pool, issuer }: DeviceDependencies,
  req: Request,
  res: Response,
  { personId, moment }: Proof,
): Promise<void> {
  const origin = { address: req.ip, requestId: String(req.id) };
  const token = await rememberDevice(pool, { personId, moment, device: deviceOf(req), ...origin });
  res.cookie(deviceCookie(issuer), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: issuer.startsWith('https:'),
    maxAge: rememberedDays * 24 * 60 * 60 * 1000,
  });
}
