import { hop, request, signIn } from './journeys.ts';
import { processorTime } from './processor-time.ts';
import type { System } from './system.ts';

export const operations = ['hop', 'login', 'request'] as const;
export type Operation = (typeof operations)[number];

/** Processor milliseconds per operation, by what the processes do. */
export type Cost = Record<string, number>;
export type Round = Record<Operation, Cost>;

export interface RoundSize {
  signIns: number;
  requests: number;
}

/**
 * One round on one system: `signIns` people sign in at the first app, each hops to all others, then one of them makes
 * `requests` requests. Every sign-in is a provider session of its own, so every hop is a first visit.
 */
export async function runRound(system: System, { signIns, requests }: RoundSize): Promise<Round> {
  const browsers: Awaited<ReturnType<typeof signIn>>[] = [];
  const login = await measure(system, signIns, async () => {
    for (let i = 0; i < signIns; i++) {
      const person = system.people[i % system.people.length] ?? '';
      browsers.push(await signIn(system.first, person));
    }
  });
  const hopping = await measure(system, signIns * system.others.length, async () => {
    for (const browser of browsers) for (const app of system.others) await hop(browser, app);
  });
  const [browser] = browsers;
  if (!browser) throw new Error('A round needs at least one sign-in.');
  const requesting = await measure(system, requests, () => request(browser, system.guardedPage, requests));
  return { hop: hopping, login, request: requesting };
}

async function measure(system: System, count: number, work: () => Promise<void>): Promise<Cost> {
  const before = spent(system);
  await work();
  const after = spent(system);
  return Object.fromEntries(Object.keys(after).map((key) => [key, ((after[key] ?? 0) - (before[key] ?? 0)) / count]));
}

const spent = ({ processes }: System): Cost =>
  Object.fromEntries(Object.entries(processes).map(([name, pids]) => [name, processorTime(pids)]));
