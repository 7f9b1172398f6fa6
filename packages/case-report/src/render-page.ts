import type { CaseBook } from './cases.ts';
import { type CaseTest, withoutNumbers, worst } from './outcomes.ts';

type Case = CaseBook['sections'][number]['cases'][number];

/** A case with a table of rows for every parameter names a few of them; the file has them all. */
const NAMED_TESTS = 3;

/** The Markdown page of a case book. The same cases and outcomes always give the same page. */
export function renderPage(book: CaseBook, outcomes: ReadonlyMap<string, CaseTest[]>): string {
  const testsOf = ({ id, see }: Case): CaseTest[] => [
    ...new Set([id, ...see].flatMap((each) => outcomes.get(each) ?? [])),
  ];
  const all = book.sections.flatMap(({ cases }) => cases);
  const tested = all.filter((each) => testsOf(each).length > 0);
  const explained = all.filter((each) => each.instead !== undefined && !tested.includes(each));
  const sections = book.sections.map(({ title, cases }) => [
    `## ${title}`,
    '',
    '| case | what it demands | test | outcome |',
    '|---|---|---|---|',
    ...cases.map((each) => {
      const { id, title, demands, see, instead } = each;
      const tests = testsOf(each);
      const name = `**${id}** ${cell(title)}${see.length > 0 ? ` (see ${see.join(', ')})` : ''}`;
      const shown = [...(instead === undefined ? [] : [`Instead: ${cell(instead)}`]), ...listTests(tests)].join('<br>');
      return `| ${name} | ${cell(demands)} | ${shown} | ${outcomeOf(tests, instead)} |`;
    }),
    '',
  ]);
  return [
    `# ${book.title}`,
    '',
    '<!-- Written by packages/case-report (pnpm cases) from docs/cases and the results of the tests. -->',
    '',
    book.intro,
    '',
    claim(all.length, tested.length, explained.length),
    '',
    ...sections.flat(),
  ].join('\n');
}

function claim(all: number, tested: number, explained: number): string {
  const without =
    explained > 0 ? `${explained} more say what stands instead. A case with neither` : 'A case without one';
  return `${tested} of ${all} cases have a test. ${without} is not claimed.`;
}

function listTests(tests: CaseTest[]): string[] {
  const named = tests.slice(0, NAMED_TESTS).map(({ file, title, tests: count }) => {
    const text = cell(withoutNumbers(title));
    return `[${text}](../${file})${count > 1 ? ` (${count} tests)` : ''}`;
  });
  const rest = tests.length - named.length;
  return [...named, ...(rest > 0 ? [`and ${rest} more`] : [])];
}

function outcomeOf(tests: CaseTest[], instead: string | undefined): string {
  if (tests.length > 0) return worst(tests.map(({ outcome }) => outcome));
  return instead === undefined ? 'no test' : 'explained';
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
