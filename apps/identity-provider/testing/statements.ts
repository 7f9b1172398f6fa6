import type { Pool } from 'pg';

/** Every statement that the pool sends while `work` runs, by name where it has one. */
export async function statementsOf(pool: Pool, work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const { query } = pool;
  const counting = (...args: unknown[]) => {
    const [statement] = args as [string | { name?: string; text: string }];
    sent.push(typeof statement === 'string' ? statement : (statement.name ?? statement.text));
    return Reflect.apply(query, pool, args) as unknown;
  };
  Object.assign(pool, { query: counting });
  try {
    await work();
  } finally {
    Object.assign(pool, { query });
  }
  return sent;
}
