import type { Response } from 'express';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { translatorOf } from '../../languages/speak.ts';
import { clientSummary } from '../clients/summary.ts';
import { renderView } from '../render-view.ts';
import { userCodeInWords } from './typed-codes.ts';

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;

/** What the library says of a code that it does not take, by the name of its error. */
const FAULTS = {
  NoCodeError: 'device.faults.none',
  AbortedError: 'device.faults.declined',
  ExpiredError: 'device.faults.expired',
  AlreadyUsedError: 'device.faults.used',
} as const;

/**
 * Devices without a browser or a keyboard (RFC 8628): they show a code, which the person enters here on another device,
 * where they sign in. Whoever enters a code that somebody else has sent them lets a stranger in; so the pages name the
 * app and say what to look out for.
 */
export const deviceFlow: DeviceFlow = {
  enabled: true,
  charset: 'base-20',
  mask: '****-****',
  async userCodeInputSource(ctx, _form, _out, error) {
    if (error && beginsAnew(ctx)) return;
    const t = translatorOf(ctx.res as Response);
    await page(ctx, 'enter', {
      fault: error && t(FAULTS[error.name as keyof typeof FAULTS] ?? 'device.faults.unknown'),
      aborted: error?.name === 'AbortedError',
      typed: error && 'userCode' in error ? error.userCode : undefined,
    });
  },
  async userCodeConfirmSource(ctx, _form, client) {
    const userCode = userCodeInWords(ctx.oidc.entities.DeviceCode?.userCode);
    await page(ctx, 'confirm', { client: clientSummary(client), userCode });
  },
  async successSource(ctx) {
    const { client } = ctx.oidc;
    await page(ctx, 'done', { client: client && clientSummary(client) });
  },
};

/**
 * A form that came without a session cannot be right, and there is no session to keep the next one's secret in: the
 * browser asks for a form as the first time. What the library has already written into its session is not to be stored.
 */
function beginsAnew(ctx: KoaContextWithOIDC): boolean {
  const session = ctx.oidc.session as { exp?: number; touched?: boolean } | undefined;
  if (!session || session.exp !== undefined) return false;
  session.touched = false;
  ctx.redirect('/device');
  return true;
}

async function page(ctx: KoaContextWithOIDC, view: string, locals: object): Promise<void> {
  ctx.type = 'html';
  const secret = (ctx.oidc.session?.state as { secret?: string } | undefined)?.secret;
  ctx.body = await renderView(ctx, `protocol/device/${view}`, { ...locals, secret });
}
