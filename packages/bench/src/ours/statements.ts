import { readFileSync } from 'node:fs';
import pg from 'pg';

/**
 * Runs `work` and says how many SQL statements the organisation's processes sent meanwhile, BEGIN and COMMIT included.
 */
export type StatementCounter = {
  start(): Promise<void>;
  during(work: () => Promise<unknown>): Promise<number>;
  stop(): Promise<void>;
};

/**
 * Counts in the server's own log: with `log_statement = all` PostgreSQL writes one line for each statement before it
 * runs it, whoever sent it and whether prepared or not. That is exact, needs no extension, and as it costs processor
 * time it is on only while nothing is measured. `%a` is the application's name, so the bench's own are left out.
 */
export function countingStatements(ownerUrl: string, logFile: string): StatementCounter {
  const configure = async (...statements: string[]) => {
    const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'bench' });
    await owner.connect();
    for (const statement of [...statements, 'SELECT pg_reload_conf()']) await owner.query(statement);
    await owner.end();
  };
  const logged = () =>
    readFileSync(logFile, 'utf8').match(/^(?!bench\|)[\w-]+\|LOG: {2}(statement|execute)/gm)?.length ?? 0;
  return {
    start: () => configure("ALTER SYSTEM SET log_line_prefix = '%a|'", "ALTER SYSTEM SET log_statement = 'all'"),
    async during(work) {
      const before = logged();
      await work();
      return logged() - before;
    },
    stop: () => configure('ALTER SYSTEM RESET log_statement', 'ALTER SYSTEM RESET log_line_prefix'),
  };
}
