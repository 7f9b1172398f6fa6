/**
 * `pnpm cases` writes the pages of docs/cases (docs/parity.md, docs/threats.md, …) from the results that `npm test` and
 * `pnpm test:long` left. `pnpm cases --check` writes nothing and fails when a page is not what the results say.
 * With `--short`, what only the long suite tests counts as untested.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadCases } from './cases.ts';
import { readOutcomes, requireKnown, suites } from './outcomes.ts';
import { renderPage } from './render-page.ts';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, short: { type: 'boolean', default: false } },
});
const root = join(import.meta.dirname, '..', '..', '..');
const books = loadCases(join(root, 'docs', 'cases'));
const outcomes = readOutcomes(root, values.short ? suites.slice(0, 1) : suites);
requireKnown(books, outcomes);

for (const book of books) {
  const file = join(root, 'docs', `${book.name}.md`);
  const page = renderPage(book, outcomes);
  if (existsSync(file) && readFileSync(file, 'utf8') === page) continue;
  if (values.check) {
    console.error(`docs/${book.name}.md is not what the results say: run pnpm cases and commit it.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, page);
    console.log(`docs/${book.name}.md written.`);
  }
}
