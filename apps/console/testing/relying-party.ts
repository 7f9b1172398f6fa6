import type { RelyingParty } from '@gatehouse/test-kit/relying-party';
import manifest from '../manifest.ts';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';

/** This app as its tests start it. */
export const relyingParty: RelyingParty = {
  manifest,
  createApp: ({ env, pool, log }) => createApp({ config: loadConfig(env), log, pool }),
};
