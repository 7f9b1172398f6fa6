import { hash, verify } from '@node-rs/argon2';

/** OWASP's second choice of parameters, as packages/accounts uses them. */
export const argon2Parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Everybody's password while the bench runs. */
export const benchPassword = 'measured in milliseconds';

/** Processor milliseconds that one password check costs here; the median of 15. */
export async function measureHashCost(): Promise<number> {
  const stored = await hash(benchPassword, argon2Parameters);
  const costs: number[] = [];
  for (let i = 0; i < 15; i++) {
    const before = process.cpuUsage();
    await verify(stored, benchPassword);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
  }
  return costs.sort((a, b) => a - b)[7] ?? 0;
}
