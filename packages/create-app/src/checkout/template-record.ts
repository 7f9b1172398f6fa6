import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CreateAppError } from '../errors.ts';
import type { Kind } from '../plan/kind.ts';

/** The state of the template that an app has taken, as `template` in its package.json says. */
export interface TemplateRecord {
  /** See docs/template-changes.md. */
  version: number;
  commit: string;
}

/** What the app began as. */
export function readKind(root: string, name: string): Kind {
  return JSON.parse(readFileSync(packageOf(root, name), 'utf8')).kind ?? 'page';
}

/** @throws {CreateAppError} no_template, where `new-app` did not make the app */
export function readRecord(root: string, name: string): TemplateRecord {
  const file = packageOf(root, name);
  const { version, commit } = (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).template) || {};
  if (Number.isInteger(version) && /^[0-9a-f]{40}$/.test(commit)) return { version, commit };
  throw new CreateAppError('no_template', `apps/${name} names no template commit: pnpm new-app did not make it.`);
}

export function writeRecord(root: string, name: string, record: TemplateRecord): void {
  const file = packageOf(root, name);
  const own = { ...JSON.parse(readFileSync(file, 'utf8')), template: record };
  writeFileSync(file, `${JSON.stringify(own, null, 2)}\n`);
}

/** The names of the apps that were made from the template. */
export function madeApps(root: string): string[] {
  const files = globSync('apps/*/package.json', { cwd: root }).sort();
  const made = files.filter((file) => JSON.parse(readFileSync(join(root, file), 'utf8')).template);
  return made.map((file) => basename(dirname(file)));
}

const packageOf = (root: string, name: string) => join(root, 'apps', name, 'package.json');
