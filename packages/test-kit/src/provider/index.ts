export { type Fault, type IdTokenFault, idTokenFaults } from './faults.ts';
export { type BadLogoutToken, badLogoutTokens } from './logout-tokens.ts';
export type { TestClient, TestPerson, TestSignIn } from './state.ts';
export { createTestProvider, type TestProvider, type TestProviderOptions } from './test-provider.ts';
