import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './root.ts';

const apps = ['console', 'finance', 'human-resources', 'identity-provider'];

/**
 * Lints sources as if they stood in this workspace, under its own configuration.
 *
 * @param sources text by path, e.g. `apps/finance/src/claims.ts`
 * @returns the codes of the rules that each file breaks, by its path
 */
export function lintFixtures(sources: Record<string, string>): Map<string, string[]> {
  const workspace = mkdtempSync(join(tmpdir(), 'gatehouse-rules-'));
  try {
    cpSync(join(root, 'oxlint.config.ts'), join(workspace, 'oxlint.config.ts'));
    symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
    writeFileSync(join(workspace, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true } }));
    for (const app of apps) mkdirSync(join(workspace, 'apps', app), { recursive: true });
    for (const [path, text] of Object.entries(sources)) {
      mkdirSync(dirname(join(workspace, path)), { recursive: true });
      writeFileSync(join(workspace, path), text);
    }
    return lint(workspace);
  } finally {
    rmSync(workspace, { recursive: true });
  }
}

function lint(workspace: string): Map<string, string[]> {
  const oxlint = join(import.meta.dirname, '..', 'node_modules', '.bin', 'oxlint');
  const { stdout, stderr } = spawnSync(oxlint, ['--type-aware', '--format=json', 'apps', 'packages'], {
    cwd: workspace,
    encoding: 'utf8',
  });
  if (!stdout.startsWith('{')) throw new Error(`oxlint gave no report:\n${stdout}${stderr}`);
  const { diagnostics }: { diagnostics: { filename: string; code: string }[] } = JSON.parse(stdout);
  const broken = Map.groupBy(diagnostics, ({ filename }) => filename);
  return new Map([...broken].map(([path, found]) => [path, [...new Set(found.map(({ code }) => code))]]));
}
