/** `pnpm new-app`, run by the launcher. */
import { join, resolve } from 'node:path';
import { announceChange, loadSettings, noteLeftApp, runningOrg } from '@gatehouse/launcher';
import { departments } from '@gatehouse/prisma/seed';
import { installApp } from './apply/install-app.ts';
import { askForApp, type NewAppArguments, newAppArguments } from './arguments.ts';
import { newApp } from './new-app.ts';
import { newOutsideApp } from './outside/new-outside-app.ts';
import { runCommand } from './run-command.ts';

await runCommand(async (signal) => {
  const begin = performance.now();
  const args = process.argv.slice(2);
  const asks = args.length === 0 && process.stdin.isTTY;
  const asked: NewAppArguments = asks ? { wishes: await askForApp(signal), dryRun: false } : newAppArguments(args);
  const { wishes, outside, dryRun } = asked;
  const { root, local, ...settings } = loadSettings(process.env);
  const running = runningOrg(local);
  const portBase = running ? Number(new URL(running.issuer).port) : settings.portBase;
  if (outside !== undefined) {
    const { name, title } = wishes;
    // npm and pnpm run their scripts in the checkout, wherever they were called.
    const folder = resolve(process.env.INIT_CWD ?? process.cwd(), outside);
    const issuer = `http://localhost:${portBase}`;
    const made = await newOutsideApp({ name, title, folder, root, portBase, issuer, dryRun });
    console.log(made.paths.map((path) => `  new    ${path}`).join('\n'));
    if (dryRun) return console.log('Nothing was made: this is what would be without --dry-run.');
    console.log(`
${name} is made in ${made.folder}. To sign people in at ${issuer}, register it:
  pnpm client add ${join(made.folder, 'client.json')}
and put the client_secret that this prints into its .env. Its README.md says how it starts.`);
    return;
  }
  const { plan, isRunning, installSeconds } = await newApp({
    wishes,
    root,
    portBase,
    dryRun,
    say: console.log,
    install: (name) => installApp(root, name, signal),
    organisation: {
      join: () => announceChange(local),
      async leave(clientId) {
        noteLeftApp(local, { clientId });
        // Why it could not join is what the person is told.
        await announceChange(local).catch(() => undefined);
      },
    },
  });
  if (dryRun) return;
  const { clientId, title, portOffset, accessRules, api } = plan.manifest;
  const all = (performance.now() - begin) / 1000;
  const took = `after ${all.toFixed(1)} s, ${installSeconds.toFixed(1)} s of it the install`;
  const address = `http://localhost:${portBase + portOffset}`;
  console.log(
    isRunning ? `${title} runs at ${address} ${took}.` : `${title} is made ${took}: npm start runs it at ${address}.`,
  );
  if (api) {
    console.log(`Nobody may call it yet: name who may under api.clients in apps/${clientId}/manifest.ts.`);
  } else if (accessRules.length === 0) {
    console.log(`Nobody may open it yet, because no department was named. To open it to one, run
  pnpm remove-app ${clientId} && pnpm new-app ${clientId} --department CODE
with one of ${departments.map(({ code }) => code).join(', ')}.`);
  }
  console.log(`Its tests: pnpm --filter @gatehouse/${clientId} test`);
});
