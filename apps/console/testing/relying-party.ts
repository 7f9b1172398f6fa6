import type { RelyingParty } from '@gatehouse/test-kit/relying-party';
import manifest from '../manifest.ts';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';

/** This app as its tests start it. The identity provider's API is not there, unless its address is given. */
export const relyingPartyWith = (providerApi?: string): RelyingParty => ({
  manifest,
  createApp: ({ env, pool, log }) =>
    createApp({ config: loadConfig(env), log, pool, ...(providerApi !== undefined && { providerApi }) }),
});

export const relyingParty = relyingPartyWith();
