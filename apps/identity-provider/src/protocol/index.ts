/** All that the rest of the identity provider may use of the protocol. Only this folder imports oidc-provider. */
export type { default as Provider } from 'oidc-provider';
export { type Acr, acrOf, reaches, TWO_FACTOR } from './authentication-context.ts';
export { type ClaimScope, claimsOf } from './claims.ts';
export { startCleaner } from './cleaner.ts';
export { ACCOUNT, accountSignInPath, returnFromSignIn } from './clients/account.ts';
export { LAUNCHER, launcherSignInPath } from './clients/launcher.ts';
export { type ClientRegistry, createClientRegistry } from './clients/registry.ts';
export { CONSOLE, ownApi } from './clients/summary.ts';
export { answerSignedOut, type EndSessionDeps, endAsPerson, type SignOutHook } from './end-session/ending.ts';
export type { IdTokenHook } from './id-tokens.ts';
export {
  finishContinue,
  finishRefused,
  finishSignIn,
  type Interaction,
  InteractionError,
  interactionBrowser,
  interactionOf,
} from './interactions.ts';
export { deliverLogouts } from './logout-deliveries.ts';
export { listen } from './notifications.ts';
export { configure, createProvider } from './provider.ts';
export { currentSignedInPerson, proofOfSession, type SignedInPerson } from './provider-session.ts';
export { deviceCookie } from './remembered-device.ts';
export { createBrowserEndpoints, createServerEndpoints } from './routes.ts';
export {
  addKey,
  listKeys,
  promoteKey,
  retireKey,
  SigningKeyError,
} from './signing-keys/change-signing-keys.ts';
export { algorithms, keyContext as signingKeyContext } from './signing-keys/create-signing-key.ts';
export { loadSigningKeys } from './signing-keys/load-signing-keys.ts';
export { verifyAccessToken } from './signing-keys/verify-access-token.ts';
export { tokenCounts } from './token-counts.ts';
export { wantedPage } from './wanted-page.ts';
