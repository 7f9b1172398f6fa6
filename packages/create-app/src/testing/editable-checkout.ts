import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { applyPlan } from '../apply/apply-plan.ts';
import { readCheckout } from '../checkout/read-checkout.ts';
import type { Kind } from '../plan/kind.ts';
import { planApp } from '../plan/plan-app.ts';
import { temporaryCheckout } from './temporary-checkout.ts';

export type EditableCheckout = ReturnType<typeof editableCheckout>;

/** A temporary checkout whose apps are edited, committed and made; paths begin below `apps/`. */
export function editableCheckout() {
  const checkout = temporaryCheckout();
  const at = (path: string) => join(checkout.root, 'apps', path);
  const read = (path: string) => readFileSync(at(path), 'utf8');
  const write = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  return {
    ...checkout,
    at,
    read,
    write,
    has: (path: string) => existsSync(at(path)),
    remove: (path: string) => rmSync(at(path), { recursive: true }),
    move: (from: string, to: string) => {
      mkdirSync(dirname(at(to)), { recursive: true });
      renameSync(at(from), at(to));
    },
    /** Fails where the text is not there. */
    replace: (path: string, text: string, by: string) => {
      expect(read(path)).toContain(text);
      write(
        path,
        read(path).replace(text, () => by),
      );
    },
    commit: (message: string) => {
      checkout.git('add', '--all');
      checkout.git('commit', '--quiet', `--message=${message}`);
      return checkout.git('rev-parse', 'HEAD').trim();
    },
    /** Adds an entry to the list of the template's changes. */
    announce: (version: number, summary: string, security = false) => {
      const file = join(checkout.root, 'docs', 'template-changes.md');
      const entry = `## ${version} · 2026-12-01${security ? ' · security' : ''}\n\n${summary}\n`;
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(/^(?=## )/m, () => `${entry}\n`),
      );
    },
    makeApp: async (name: string, kind?: Kind) => {
      applyPlan(planApp({ name, kind }, await readCheckout(checkout.root, 30_500, kind)), checkout.root);
    },
    record: (name: string) => JSON.parse(read(`${name}/package.json`)).template,
    dispose: checkout.remove,
  };
}
