import { execFileSync } from 'node:child_process';
import { CreateAppError } from '../errors.ts';

/** A change of the template that apps should take. */
export interface TemplateChange {
  /** The template's version with it: 1, 2, 3 … */
  version: number;
  date: string;
  /** Whether it closes a hole. */
  isSecurity: boolean;
  /** The first line of its text. */
  summary: string;
}

/** The list of them, which people read too. Versions outlive a history that is squashed or rewritten. */
export const changesFile = 'docs/template-changes.md';

/** @returns the changes that the page lists, newest first: `## 2 · 2027-01-31 · security` and a text below */
export function parseTemplateChanges(page: string): TemplateChange[] {
  const entries = page.matchAll(/^## (\d+) · (\d{4}-\d{2}-\d{2})( · security)?\n+([^\n]*)/gm);
  return [...entries].map(([, version, date = '', security, summary = '']) => {
    return { version: Number(version), date, isSecurity: security !== undefined, summary };
  });
}

/**
 * The template's changes that are listed at a commit.
 * @throws {CreateAppError} no_template
 */
export function readTemplateChanges(root: string, commit = 'HEAD'): TemplateChange[] {
  try {
    const page = execFileSync('git', ['show', `${commit}:${changesFile}`], { cwd: root, stdio: 'pipe' }).toString();
    return parseTemplateChanges(page);
  } catch (cause) {
    throw new CreateAppError('no_template', `There is no ${changesFile} at ${commit}.`, { cause });
  }
}

/** The template's version at a commit: that of its newest change. */
export function templateVersion(root: string, commit?: string): number {
  return readTemplateChanges(root, commit)[0]?.version ?? 0;
}
