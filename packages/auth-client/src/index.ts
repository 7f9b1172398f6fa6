export type { Auth, Caller, OpenableApp, Person } from './auth.ts';
export { type AuthClient, authClient } from './auth-client.ts';
export { type BearerOptions, bearer } from './bearer.ts';
export { AuthClientError, type AuthClientErrorCode } from './errors.ts';
export { type Allow, requireLogin, requireRole, routeGuard } from './guards.ts';
export { type MemoryStoreOptions, memoryStore } from './memory-store.ts';
export type { AuthClientOptions, Log } from './settings.ts';
export type { AuthStore } from './store.ts';
