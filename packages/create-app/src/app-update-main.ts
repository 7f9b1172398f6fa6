/** `pnpm app-update [NAME …]`, run by the launcher. Without a name: every app that was made from the template. */
import { parseArgs } from 'node:util';
import { loadSettings } from '@gatehouse/launcher';
import { run } from './apply/run.ts';
import { madeApps } from './checkout/template-record.ts';
import { runCommand } from './run-command.ts';
import { showUpdate } from './update/show-update.ts';
import { updateApp } from './update/update-app.ts';

await runCommand(async (signal) => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false }, resolved: { type: 'string' } },
  });
  const { root } = loadSettings(process.env);
  const names = positionals.length ? positionals : madeApps(root);
  if (names.length === 0) console.log('No app here was made from the template.');
  const updates = names.map((name) => {
    const update = updateApp({ root, name, dryRun: values['dry-run'], resolved: values.resolved });
    console.log(showUpdate(update));
    return update;
  });
  if (updates.some(({ changes }) => changes.some(({ outcome }) => outcome === 'conflict'))) process.exitCode = 1;
  if (values['dry-run']) {
    console.log('\nNothing was changed: this is what would be done without --dry-run.');
  } else if (updates.some(({ needsInstall }) => needsInstall)) {
    console.log('\nInstalling, because dependencies changed; commit pnpm-lock.yaml with the app …');
    await run('pnpm', ['install', '--no-frozen-lockfile', '--prefer-offline'], root, signal);
  }
});
