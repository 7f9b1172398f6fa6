import type { Logger } from '@gatehouse/web';
import type { Request } from 'express';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import { deviceOf } from '../device.ts';

/**
 * Keeps in which browser and where each provider session began, at the sign-in and at none of the hops after it. A
 * sign-in stands without it, so a failure to write it is only logged.
 */
export function recordSessionOrigins(provider: Provider, pool: Pool, log: Logger): void {
  provider.on('interaction.ended', (ctx: KoaContextWithOIDC) => {
    const { session } = ctx.oidc;
    if (!session?.accountId || !ctx.oidc.result?.login) return;
    const req = ctx.req as Request;
    pool
      .query(
        `INSERT INTO protocol.session_origin (session_uid, device, address) VALUES ($1, $2, $3)
         ON CONFLICT (session_uid) DO NOTHING`,
        [session.uid, deviceOf(req), req.ip ?? null],
      )
      .catch((err: unknown) => log.error({ err }, 'the origin of a session was not recorded'));
  });
}
