export { type PostgresStoreOptions, postgresStore } from './postgres-store.ts';
export { tokenCounts } from './token-counts.ts';
