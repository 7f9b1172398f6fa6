/** `pnpm new-app`, run by the launcher. */
import { announceChange, loadSettings, noteLeftApp } from '@gatehouse/launcher';
import { askForApp, newAppArguments } from './arguments.ts';
import { newApp } from './new-app.ts';
import { runCommand } from './run-command.ts';

await runCommand(async (signal) => {
  const begin = performance.now();
  const args = process.argv.slice(2);
  const asks = args.length === 0 && process.stdin.isTTY;
  const { wishes, dryRun } = asks ? { wishes: await askForApp(signal), dryRun: false } : newAppArguments(args);
  const { root, local, portBase } = loadSettings(process.env);
  const join = async (name: string) => {
    console.log('Joining the organisation, if it runs …');
    try {
      return await announceChange(local);
    } catch (error) {
      noteLeftApp(local, { clientId: name });
      throw error;
    }
  };
  const { plan, isRunning } = await newApp({ wishes, root, portBase, dryRun, signal, say: console.log, join });
  if (dryRun) return;
  const { clientId, title, portOffset, accessRules } = plan.manifest;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const address = `http://localhost:${portBase + portOffset}`;
  console.log(
    isRunning
      ? `${title} runs at ${address} after ${seconds} s.`
      : `${title} is made after ${seconds} s: npm start runs it at ${address}.`,
  );
  if (accessRules.length === 0) {
    console.log(
      'Nobody may open it yet. To open it to a department, remove it and make it again with --department NAME.',
    );
  }
  console.log(`Its tests: pnpm --filter @gatehouse/${clientId} test`);
});
