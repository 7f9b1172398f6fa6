/** `pnpm app-update [NAME …]`, run by the launcher; ends with 1 where a person has to decide. */
import { loadSettings } from '@gatehouse/launcher';
import { run } from './apply/run.ts';
import { runCommand } from './run-command.ts';
import { updateApps, updateArguments } from './update/update-apps.ts';

await runCommand(async (signal) => {
  const wishes = updateArguments(process.argv.slice(2));
  const { root } = loadSettings(process.env);
  const { isClean, needsInstall } = updateApps(root, wishes, console.log);
  if (!isClean) process.exitCode = 1;
  if (!needsInstall) return;
  console.log('\nInstalling, because dependencies changed; commit pnpm-lock.yaml with the app …');
  await run('pnpm', ['install', '--no-frozen-lockfile', '--prefer-offline'], root, signal);
});
