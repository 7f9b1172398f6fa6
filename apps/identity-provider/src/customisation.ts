import type { IdTokenHook, SignOutHook } from './protocol/index.ts';

/**
 * What an organisation has of its own in the identity provider, beside and not inside of the code that is everybody's.
 */
export interface Customisation {
  /** Folders of EJS views that stand in for ours of the same name, such as `interaction/sign-in.ejs`. */
  views: readonly string[];
  idTokenHooks: readonly IdTokenHook[];
  signOutHooks: readonly SignOutHook[];
}

/** `server.ts` hands it on. */
export const customisation: Customisation = { views: [], idTokenHooks: [], signOutHooks: [] };
