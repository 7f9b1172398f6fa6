/** `pnpm bench`: a table for people; `--json` prints the medians for programs. */
import { parseArgs } from 'node:util';
import { runBench } from './bench.ts';
import { argon2Parameters, measureHashCost } from './hash-cost.ts';
import { renderTable, summarise } from './report.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '7' } },
});
const size = { signIns: 40, requests: 2000 };
const hashCost = await measureHashCost();

await using resources = new AsyncDisposableStack();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void resources.disposeAsync().finally(() => process.exit(130)));
}
const { rounds, statements } = await runBench({ rounds: Number(values.rounds), size, seconds: 30, resources });

if (values.json) {
  console.log(JSON.stringify(summarise(rounds, statements), null, 2));
} else {
  const { memoryCost, timeCost, parallelism } = argon2Parameters;
  const setting = [
    `Node ${process.versions.node}; ${rounds.ours.length} rounds of ${size.signIns} sign-ins, two hops each, and ${size.requests} requests eight at a time.`,
    `One password check (argon2id m=${memoryCost}, t=${timeCost}, p=${parallelism}) costs ${hashCost.toFixed(1)} ms, in both.`,
    'A hop ends with the redirect of the callback; a request is for a page that only greets. Counted: provider, apps and PostgreSQL; not the client. Loopback, no TLS.',
  ];
  console.log(renderTable(rounds, statements, setting));
}
