import type Provider from 'oidc-provider';
import { requestUnit } from './request-unit.ts';

/** Tokens leave only once the code behind them is used up, whichever way they were made. */
export function requireRedemption(provider: Provider): void {
  provider.on('grant.success', (ctx) => {
    if (requestUnit(ctx).codeToRedeem !== undefined) throw new Error('tokens were made of a code that is not used up');
  });
}
