import { startBaseline } from './baseline/start-baseline.ts';
import { hop, request, signIn } from './journeys.ts';
import { type Ours, startOurs } from './ours/start-ours.ts';
import { median, type Rounds, type Statements } from './report.ts';
import { type Round, type RoundSize, runRound } from './rounds.ts';
import type { System } from './system.ts';

export interface BenchOptions {
  rounds: number;
  size: RoundSize;
  /** No new round begins after this many seconds. */
  seconds: number;
  /** Takes what has to be stopped; the caller disposes of it. */
  resources: AsyncDisposableStack;
}

/**
 * Runs ours and the baseline side by side and measures them in turns, so that what else the machine does meets both.
 * The driver, which is this process, is not counted.
 */
export async function runBench(options: BenchOptions): Promise<{ rounds: Rounds; statements: Statements }> {
  const { resources } = options;
  const ours = await startOurs(resources);
  const baseline = await startBaseline(ours.people, resources);
  const statements = await countStatements(ours);
  // A process that has just started is still compiling what it runs: a round for each is thrown away.
  for (const system of [ours, baseline]) await runRound(system, options.size);

  const rounds: Rounds = { ours: [], baseline: [] };
  const deadline = Date.now() + options.seconds * 1000;
  for (let round = 0; round < options.rounds && Date.now() < deadline; round++) {
    const measured = new Map<System, Round>();
    const inTurns = round % 2 === 0 ? [ours, baseline] : [baseline, ours];
    for (const system of inTurns) measured.set(system, await runRound(system, options.size));
    rounds.ours.push(measured.get(ours) as Round);
    rounds.baseline.push(measured.get(baseline) as Round);
  }
  return { rounds, statements };
}

async function countStatements({ statements, first, others, guardedPage, people }: Ours): Promise<Statements> {
  const counts = { hop: [] as number[], login: [] as number[], request: [] as number[] };
  await statements.start();
  for (const person of people) {
    let browser: Awaited<ReturnType<typeof signIn>> | undefined;
    counts.login.push(await statements.during(async () => (browser = await signIn(first, person))));
    if (!browser) break;
    const signedIn = browser;
    for (const app of others) counts.hop.push(await statements.during(() => hop(signedIn, app)));
    counts.request.push(await statements.during(() => request(signedIn, guardedPage, 1)));
  }
  await statements.stop();
  return { hop: median(counts.hop), login: median(counts.login), request: median(counts.request) };
}
