/** `pnpm app-update [NAME]`, run by the launcher. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadSettings } from '@gatehouse/launcher';
import { runCommand } from './run-command.ts';
import { updateApp } from './update/update-app.ts';

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false }, resolved: { type: 'string' } },
  });
  const { root } = loadSettings(process.env);
  const made = globSync('apps/*/package.json', { cwd: root }).filter(
    (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).template,
  );
  const names = positionals.length ? positionals : made.map((file) => basename(dirname(file)));
  if (names.length === 0) console.log('No app here was made from the template.');
  for (const name of names) {
    const { from, to, changes } = updateApp({ root, name, dryRun: values['dry-run'], resolved: values.resolved });
    console.log(`\n${name}: template ${from.slice(0, 7)} → ${to.slice(0, 7)}`);
    if (changes.length === 0) console.log('  nothing to merge');
    for (const { outcome, path, note } of changes) {
      console.log(`  ${outcome.padEnd(8)}  ${path}${note ? `  (${note})` : ''}`);
    }
    if (values['dry-run']) console.log('  Nothing was changed: this is what would be done without --dry-run.');
    else if (changes.some(({ outcome }) => outcome === 'conflict')) {
      process.exitCode = 1;
      console.log(`  Decide about each conflict, then run: pnpm app-update ${name} --resolved ${to}`);
    }
  }
});
