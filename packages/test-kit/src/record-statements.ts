import { appendFileSync } from 'node:fs';
import pg from 'pg';

const file = process.env.RECORD_STATEMENTS;
const known = new Set<string>();

// Adds each statement that goes through `pg`, Prisma's too, to the file: one line of JSON for each, see `recordRun`.
if (file) {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function record(this: pg.Client, ...given: unknown[]) {
    const [asked] = given as [string | { text?: string }];
    const text = typeof asked === 'string' ? asked : asked.text;
    const line = JSON.stringify({ login: this.user, text });
    if (text && !known.has(line)) {
      known.add(line);
      appendFileSync(file, `${line}\n`);
    }
    return Reflect.apply(query, this, given);
  } as typeof query;
}
