import { record, recordRefusal } from '@gatehouse/audit';
import type { Logger } from '@gatehouse/web';
import type { Request } from 'express';
import type Provider from 'oidc-provider';
import type { errors, KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import { isDatabaseAway, RETRY_AFTER_SECONDS } from '../database-away.ts';

type ProtocolError = Error & Partial<Pick<errors.OIDCProviderError, 'error' | 'error_description' | 'error_detail'>>;

/**
 * Records what the protocol refuses and revokes. What it grants is recorded by the statements that grant it, which
 * stand or fall with their event. A refusal stands without one, so a failure to record is only logged.
 */
export function recordEvents(provider: Provider, pool: Pool, log: Logger): void {
  const write = (type: 'authorization.refused' | 'grant.revoked' | 'provider.error') => {
    return (ctx: KoaContextWithOIDC, detail: Record<string, unknown>) => {
      const req = ctx.req as Request;
      const subjectPersonId = ctx.oidc.session?.accountId ?? ctx.oidc.account?.accountId;
      const append = subjectPersonId === undefined ? recordRefusal : record;
      append(pool, {
        type,
        subjectPersonId,
        clientId: ctx.oidc.client?.clientId,
        sessionUid: ctx.oidc.session?.uid,
        address: req.ip,
        requestId: req.id as string,
        detail: { route: ctx.oidc.route, ...detail },
      }).catch((err: unknown) => log.error({ err, type }, 'an audit event was not recorded'));
    };
  };
  const refused = (ctx: KoaContextWithOIDC, error: ProtocolError) => {
    write('authorization.refused')(ctx, {
      error: error.error,
      description: error.error_description,
      detail: error.error_detail,
    });
  };
  provider.on('authorization.error', refused);
  provider.on('grant.error', refused);
  provider.on('userinfo.error', refused);
  provider.on('introspection.error', refused);
  provider.on('revocation.error', refused);
  provider.on('grant.revoked', (ctx, grantId) => write('grant.revoked')(ctx, { grantId }));
  provider.on('server_error', (ctx, err) => {
    if (isDatabaseAway(err)) {
      ctx.status = 503;
      ctx.set('retry-after', String(RETRY_AFTER_SECONDS));
    }
    log.error({ err, requestId: (ctx.req as Request).id }, 'the protocol failed');
    write('provider.error')(ctx, { message: err.message });
  });
}
