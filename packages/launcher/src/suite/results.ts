import { globSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { oneFailed, type Tally } from './tally.ts';

const report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});

export type PackageResults = { name: string; tally: Tally };

/**
 * A kind of tests: the script that runs them, and the report that each package's vitest writes, which turbo restores
 * when the package was tested before in the same state.
 */
export type TestKind = { script: 'test' | 'test:long'; report: string };

/** Removes the reports of earlier runs, so that none is taken for one of this run. */
export function forgetResults(root: string, kind: TestKind): void {
  for (const { directory } of testedPackages(root, kind)) rmSync(join(root, directory, kind.report), { force: true });
}

/**
 * What the tests of each package came to. A package that left no report, or fails outside its tests, counts as one
 * failed.
 */
export function readResults(root: string, kind: TestKind): PackageResults[] {
  return testedPackages(root, kind).map(({ name, directory }) => ({
    name,
    tally: readReport(join(root, directory, kind.report)),
  }));
}

function readReport(file: string): Tally {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return oneFailed;
  }
  const { success, numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report.parse(JSON.parse(text));
  return {
    passed: numPassedTests,
    failed: success ? 0 : Math.max(numFailedTests, 1),
    skipped: numPendingTests + numTodoTests,
  };
}

function testedPackages(root: string, { script }: TestKind): { name: string; directory: string }[] {
  const manifests = globSync(['prisma/package.json', '{packages,apps}/*/package.json'], { cwd: root }).sort();
  return manifests.flatMap((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      name: string;
      scripts?: Record<string, string>;
    };
    return manifest.scripts?.[script] ? [{ name: manifest.name, directory: dirname(file) }] : [];
  });
}
