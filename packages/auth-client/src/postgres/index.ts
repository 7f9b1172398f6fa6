export { type PostgresStoreOptions, postgresStore } from './postgres-store.ts';
export { signInIsLive } from './sign-in-is-live.ts';
