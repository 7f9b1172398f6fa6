import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type CaseBook, caseId, caseIds } from './cases.ts';

/** From worst to best: several tests under one heading are as good as the worst of them. */
const outcomes = ['failed', 'skipped', 'passed'] as const;
export type Outcome = (typeof outcomes)[number];

/** A test, or the tests below one heading, that name a case. */
export interface CaseTest {
  /** Relative to the checkout. */
  file: string;
  title: string;
  tests: number;
  outcome: Outcome;
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

const numbers = new RegExp(caseId, 'g');
const leadingNumbers = new RegExp(`^(?:${caseId},? )+`);

/** The case numbers that a test's title begins with: `S94 D12 the login of finance` names S94 and D12. */
const numbersIn = (title: string): string[] => leadingNumbers.exec(title)?.[0].match(numbers) ?? [];

/** A title without the case numbers that it begins with. */
export const withoutNumbers = (title: string): string => title.replace(leadingNumbers, '');

/** What create-app puts into new apps is run in those. */
const notRunHere = ['node_modules/**', 'kinds/**', 'outside/**'];

/** Which report has the results of which test files. */
export const suites = [
  { report: '.local/results.json', has: (file: string) => !file.endsWith('.long.test.ts'), command: 'npm test' },
  {
    report: '.local/results-long.json',
    has: (file: string) => file.endsWith('.long.test.ts'),
    command: 'pnpm test:long',
  },
];

export type Suite = (typeof suites)[number];

/**
 * What the suites said about each case, from the JSON reports that Vitest leaves in every package.
 * @throws {Error} for a test file without results: the pages would miss what was never run
 */
export function readOutcomes(root: string, from: readonly Suite[] = suites): Map<string, CaseTest[]> {
  const found = new Map<string, CaseTest[]>();
  for (const directory of packages(root)) {
    const files = globSync('**/*.test.ts', { cwd: join(root, directory), exclude: notRunHere });
    for (const { report, has, command } of from) {
      const results = readReport(join(root, directory, report), directory);
      const untested = files
        .filter(has)
        .find((file) => !results.some((result) => result.file === `${directory}/${file}`));
      if (untested) throw new Error(`${directory}/${untested} has not been tested: run ${command} first.`);
      for (const result of results) if (existsSync(join(root, result.file))) collect(result, found);
    }
  }
  for (const tests of found.values()) tests.sort((a, b) => (a.file + a.title < b.file + b.title ? -1 : 1));
  return found;
}

function packages(root: string): string[] {
  const manifests = globSync(['apps/*/package.json', 'packages/*/package.json', 'prisma/package.json'], { cwd: root });
  return manifests.map(dirname).sort();
}

/**
 * @throws {Error} naming the first test that speaks of a case which is in no book: a slip of the pen, or a case to add
 */
export function requireKnown(books: readonly CaseBook[], found: ReadonlyMap<string, CaseTest[]>): void {
  const known = new Set(books.flatMap(caseIds));
  const seen = books.flatMap(({ sections }) => sections.flatMap(({ cases }) => cases.flatMap(({ see }) => see)));
  const nowhere = seen.find((id) => !known.has(id));
  if (nowhere) throw new Error(`docs/cases sees case ${nowhere}, which it does not have.`);
  for (const [id, [test]] of found) {
    if (!known.has(id)) throw new Error(`${test?.file} names case ${id}, which docs/cases does not have.`);
  }
}

type FileResult = { file: string; tests: z.infer<typeof reportSchema>['testResults'][number]['assertionResults'] };

/** A report that another checkout's cache has left names its own folder: what counts is the path within the package. */
function readReport(report: string, directory: string): FileResult[] {
  if (!existsSync(report)) return [];
  return reportSchema.parse(JSON.parse(readFileSync(report, 'utf8'))).testResults.map(({ name, assertionResults }) => ({
    file: directory + name.slice(name.lastIndexOf(`/${directory}/`) + directory.length + 1),
    tests: assertionResults,
  }));
}

function collect({ file, tests }: FileResult, found: Map<string, CaseTest[]>): void {
  for (const { ancestorTitles, title, status } of tests) {
    for (const heading of [...ancestorTitles, title]) {
      for (const id of numbersIn(heading))
        add(found, id, { file, title: heading, tests: 1, outcome: outcomeOf(status) });
    }
  }
}

const outcomeOf = (status: string): Outcome => (status === 'passed' || status === 'failed' ? status : 'skipped');

function add(found: Map<string, CaseTest[]>, id: string, test: CaseTest): void {
  const tests = found.get(id) ?? [];
  found.set(id, tests);
  const same = tests.find(({ file, title }) => file === test.file && title === test.title);
  if (!same) return void tests.push(test);
  same.tests += 1;
  same.outcome = worst([same.outcome, test.outcome]);
}

export const worst = (all: readonly Outcome[]): Outcome =>
  outcomes.find((outcome) => all.includes(outcome)) ?? 'passed';
