import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** A number of ours, one of the twelve duties, or the name of a module of the OpenID Foundation's conformance suite. */
export const caseId = String.raw`(?:[SFPRCD]\d+[a-z]?|duty \d+|oidcc(?:-[a-z0-9]+)+(?:\.form_post)?)`;

const bookSchema = z.strictObject({
  title: z.string(),
  intro: z.string(),
  sections: z.array(
    z.strictObject({
      title: z.string(),
      cases: z.array(
        z.strictObject({
          id: z.string().regex(new RegExp(`^${caseId}$`)),
          title: z.string(),
          demands: z.string(),
          /** Other cases whose tests show this one too. */
          see: z.array(z.string()).default([]),
          /** What stands in the place of what is demanded, or of a test that cannot be run here, and why. */
          instead: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** One page's worth of cases; `name` is the page's file name without `.md`. */
export type CaseBook = z.infer<typeof bookSchema> & { name: string };

/**
 * Reads every `*.yaml` of the folder.
 * @throws {Error} when a number is given twice
 */
export function loadCases(directory: string): CaseBook[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
  const books = files.sort().map((file) => ({
    name: basename(file, '.yaml'),
    ...bookSchema.parse(parse(readFileSync(join(directory, file), 'utf8'))),
  }));
  const ids = books.flatMap(caseIds);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length > 0) throw new Error(`These case numbers are given twice: ${twice.join(', ')}`);
  return books;
}

export const caseIds = (book: CaseBook): string[] => book.sections.flatMap(({ cases }) => cases.map(({ id }) => id));
