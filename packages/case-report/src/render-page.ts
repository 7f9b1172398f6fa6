import { type CaseBook, caseIds } from './cases.ts';
import { type CaseTest, withoutNumbers, worst } from './outcomes.ts';

type Case = CaseBook['sections'][number]['cases'][number];

/** A case with a table of rows for every parameter names a few of them; the file has them all. */
const NAMED_TESTS = 3;

/** The Markdown page of a case book. The same cases and outcomes always give the same page. */
export function renderPage(book: CaseBook, outcomes: ReadonlyMap<string, CaseTest[]>): string {
  const testsOf = ({ id, see }: Case): CaseTest[] => [
    ...new Set([id, ...see].flatMap((each) => outcomes.get(each) ?? [])),
  ];
  const tested = book.sections.flatMap(({ cases }) => cases).filter((each) => testsOf(each).length > 0);
  const sections = book.sections.map(({ title, cases }) => [
    `## ${title}`,
    '',
    '| case | what it demands | test | outcome |',
    '|---|---|---|---|',
    ...cases.map((each) => {
      const { id, title, demands, see } = each;
      const tests = testsOf(each);
      const name = `**${id}** ${cell(title)}${see.length > 0 ? ` (see ${see.join(', ')})` : ''}`;
      return `| ${name} | ${cell(demands)} | ${listTests(tests)} | ${outcomeOf(tests)} |`;
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
    `${tested.length} of ${caseIds(book).length} cases have a test. A case without one is not claimed.`,
    '',
    ...sections.flat(),
  ].join('\n');
}

function listTests(tests: CaseTest[]): string {
  const named = tests.slice(0, NAMED_TESTS).map(({ file, title, tests: count }) => {
    const text = cell(withoutNumbers(title));
    return `[${text}](../${file})${count > 1 ? ` (${count} tests)` : ''}`;
  });
  const rest = tests.length - named.length;
  return [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join('<br>');
}

function outcomeOf(tests: CaseTest[]): string {
  return tests.length === 0 ? 'no test' : worst(tests.map(({ outcome }) => outcome));
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
