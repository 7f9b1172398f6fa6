/** `pnpm remove-app`, run by the launcher. */
import { announceChange, loadSettings, noteLeftApp } from '@gatehouse/launcher';
import { removeAppArguments } from './arguments.ts';
import { applyRemoval, planRemoval } from './remove-app.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const { name, dropData, dryRun } = removeAppArguments(process.argv.slice(2));
  const { root, local } = loadSettings(process.env);
  const removal = await planRemoval(root, name);
  const { title, schema } = removal;
  const data = dropData
    ? `the Postgres schema ${schema} with its data`
    : `not its data in the Postgres schema ${schema}`;
  console.log(
    `${title}: apps/${name}, its part of docker-compose.yml and pnpm-lock.yaml, its tile, client and database`,
  );
  console.log(`login; ${data}.`);
  if (dryRun) {
    console.log('Nothing was changed: this is what would be removed without --dry-run.');
    return;
  }
  const kept = applyRemoval(removal, root, local);
  noteLeftApp(local, { clientId: name, ...(dropData && schema && { dropSchema: schema }) });
  const isRunning = await announceChange(local);
  console.log(isRunning ? `${title} is gone.` : `${title} is gone; the next start takes it out of the database.`);
  console.log(`The folder is kept in ${kept}`);
});
