export { PostgresError } from './postgres-error.ts';
export { removePostgres } from './remove-postgres.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './start-postgres.ts';
