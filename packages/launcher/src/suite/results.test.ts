import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetResults, readResults } from './results.ts';
import { closingLine, sum } from './tally.ts';

const kind = { script: 'test', report: '.local/results.json' } as const;

describe('results', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gatehouse results '));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const addPackage = (folder: string, scripts: object, report?: object) => {
    mkdirSync(join(root, folder, '.local'), { recursive: true });
    writeFileSync(join(root, folder, 'package.json'), JSON.stringify({ name: folder, scripts }));
    if (report) writeFileSync(join(root, folder, kind.report), JSON.stringify(report));
  };
  const report = (passed: number, failed: number, success = failed === 0) => ({
    success,
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: 0,
    numTodoTests: 0,
  });
  const total = () => closingLine(sum(readResults(root, kind).map(({ tally }) => tally)));

  it('sums up what every tested package reports', () => {
    addPackage('packages/one', { test: 'vitest run' }, report(3, 0));
    addPackage('apps/two', { test: 'vitest run' }, { ...report(4, 1), numPendingTests: 2 });
    addPackage('packages/untested', { check: 'tsc' });
    expect(total()).toBe('7 passed, 1 failed, 2 skipped');
  });

  it('counts a package as failed that left no report', () => {
    addPackage('packages/one', { test: 'vitest run' }, report(3, 0));
    addPackage('packages/crashed', { test: 'vitest run' });
    expect(total()).toBe('3 passed, 1 failed');
  });

  it('counts a package as failed whose failure is outside its tests', () => {
    addPackage('packages/one', { test: 'vitest run' }, report(3, 0, false));
    expect(total()).toBe('3 passed, 1 failed');
  });

  it('does not count a report of an earlier run', () => {
    addPackage('packages/one', { test: 'vitest run' }, report(3, 0));
    expect(total()).toBe('3 passed, 0 failed');
    forgetResults(root, kind);
    expect(total()).toBe('0 passed, 1 failed');
  });
});
