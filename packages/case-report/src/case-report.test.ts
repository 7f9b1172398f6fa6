import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type CaseBook, loadCases } from './cases.ts';
import { readOutcomes, requireKnown } from './outcomes.ts';
import { renderPage } from './render-page.ts';

let checkout: string;

const book: CaseBook = {
  name: 'threats',
  title: 'Threats',
  intro: 'What may happen.',
  sections: [
    {
      title: 'All',
      cases: ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'duty 7', 'oidcc-server.form_post'].map((id) => ({
        id,
        title: `case ${id}`,
        demands: 'a | b',
        see: id === 'S5' ? ['S1'] : [],
        ...(id === 'S6' && { instead: 'the balancer | refuses' }),
        ...(id === 'duty 7' && { instead: 'more than asked' }),
      })),
    },
  ],
};

const assertion = (title: string, status: string, ancestorTitles: string[] = []) => ({ ancestorTitles, title, status });

beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'case-report-'));
  const directory = join(checkout, 'packages', 'one');
  mkdirSync(join(directory, '.local'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{}');
  writeFileSync(join(directory, 'a.test.ts'), '');
  const assertionResults = [
    assertion('S1 holds', 'passed'),
    assertion('first', 'passed', ['S2 many']),
    assertion('second', 'failed', ['S2 many']),
    assertion('S3 is not ready', 'skipped'),
    assertion('duty 7 S3 is kept', 'passed'),
    assertion('oidcc-server.form_post answers by a form', 'passed'),
    assertion('speaks of S4 without naming it', 'passed'),
  ];
  const report = { testResults: [{ name: '/elsewhere/packages/one/a.test.ts', assertionResults }] };
  writeFileSync(join(directory, '.local', 'results.json'), JSON.stringify(report));
});

afterAll(() => rmSync(checkout, { recursive: true }));

it('shows each case with its tests and the worst outcome, also one that was skipped, has none, or says what stands instead', () => {
  const page = renderPage(book, readOutcomes(checkout));
  expect(page).toContain('6 of 8 cases have a test. 1 more say what stands instead.');
  const rows = page.split('\n').filter((line) => line.startsWith('| **'));
  expect(rows).toEqual([
    '| **S1** case S1 | a \\| b | [holds](../packages/one/a.test.ts) | passed |',
    '| **S2** case S2 | a \\| b | [many](../packages/one/a.test.ts) (2 tests) | failed |',
    '| **S3** case S3 | a \\| b | [is not ready](../packages/one/a.test.ts)<br>[is kept](../packages/one/a.test.ts) | skipped |',
    '| **S4** case S4 | a \\| b |  | no test |',
    '| **S5** case S5 (see S1) | a \\| b | [holds](../packages/one/a.test.ts) | passed |',
    '| **S6** case S6 | a \\| b | Instead: the balancer \\| refuses | explained |',
    '| **duty 7** case duty 7 | a \\| b | Instead: more than asked<br>[is kept](../packages/one/a.test.ts) | passed |',
    '| **oidcc-server.form_post** case oidcc-server.form_post | a \\| b | [answers by a form](../packages/one/a.test.ts) | passed |',
  ]);
});

it('refuses to write pages while a test file has no results', () => {
  const untested = join(checkout, 'packages', 'two');
  mkdirSync(untested);
  writeFileSync(join(untested, 'package.json'), '{}');
  writeFileSync(join(untested, 'b.test.ts'), '');
  expect(() => readOutcomes(checkout)).toThrow('packages/two/b.test.ts has not been tested');
  rmSync(untested, { recursive: true });
});

it('names the test that speaks of a case nobody knows', () => {
  expect(() => requireKnown([{ ...book, sections: [] }], readOutcomes(checkout))).toThrow(
    'packages/one/a.test.ts names case S1, which docs/cases does not have',
  );
  requireKnown([book], readOutcomes(checkout));
});

it('refuses a case number that is given twice', () => {
  const directory = join(checkout, 'cases');
  mkdirSync(directory);
  writeFileSync(join(directory, 'one.yaml'), stringify({ title: 'x', intro: 'x', sections: book.sections }));
  expect(loadCases(directory)).toHaveLength(1);
  writeFileSync(join(directory, 'two.yaml'), stringify({ title: 'x', intro: 'x', sections: book.sections }));
  expect(() => loadCases(directory)).toThrow('S1, S2, S3, S4, S5, S6, duty 7, oidcc-server.form_post');
});
