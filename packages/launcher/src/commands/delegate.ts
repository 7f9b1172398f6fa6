import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation } from '../invocation.ts';
import { mailFolder } from '../organisation/mail-folder.ts';
import type { Org } from '../organisation/org-file.ts';
import type { Secrets } from '../organisation/secrets.ts';
import { generateClients, noteGenerated } from '../tools/generate-clients.ts';
import { runTool } from '../tools/run-tool.ts';

/** Measures what a sign-in, a hop and a request cost. */
export function bench(invocation: Invocation): Promise<void> {
  return runProgram('packages/bench/src/main.ts', invocation);
}

/** Writes the pages of cases from the results of the tests. */
export function cases(invocation: Invocation): Promise<void> {
  return runProgram('packages/case-report/src/main.ts', invocation);
}

/** Makes the first administrator of an installation, and prints the link by which they choose their password. */
export function createAdministrator(invocation: Invocation): Promise<void> {
  return runProgram('apps/identity-provider/src/create-admin.ts', invocation, localOwner(invocation));
}

/** Lists, adds, promotes and retires the keys that sign. */
export function manageKeys(invocation: Invocation): Promise<void> {
  return runProgram('apps/identity-provider/src/manage-keys.ts', invocation, localOwner(invocation));
}

/** Invites people by mail, and helps those who have lost their second factor. */
export function changePeople(invocation: Invocation): Promise<void> {
  return runProgram('apps/identity-provider/src/person.ts', invocation, localOwner(invocation));
}

/** Tells who may do what in which app. */
export function tellOfOrganisation(invocation: Invocation): Promise<void> {
  return runProgram('packages/directory/src/cli/main.ts', invocation, localOwner(invocation));
}

/** Registers, lists, changes and removes clients of others. */
export function manageClients(invocation: Invocation): Promise<void> {
  return runProgram('packages/clients/src/cli/main.ts', invocation, localOwner(invocation));
}

/**
 * What an owner's command needs to know of the organisation that was started from this checkout; nothing where the
 * environment names another installation.
 */
function localOwner({ settings: { local } }: Invocation): Record<string, string> {
  const orgFile = join(local, 'org.json');
  const elsewhere = process.env.OWNER_DATABASE_URL || process.env.OWNER_DATABASE_URL_FILE;
  if (elsewhere || !existsSync(orgFile)) return {};
  const org: Org = JSON.parse(readFileSync(orgFile, 'utf8'));
  const secrets: Secrets = JSON.parse(readFileSync(join(local, 'secrets.json'), 'utf8'));
  return {
    BASE_URL: org.issuer,
    OWNER_DATABASE_URL: org.database_url,
    ENCRYPTION_KEY: secrets.encryption_key,
    MAIL_FOLDER: mailFolder(local),
  };
}

/** Makes a department app from the template. */
export function newApp(invocation: Invocation): Promise<void> {
  return changeApps('packages/create-app/src/new-app-main.ts', invocation);
}

/** Takes an app that was made from the template out of the organisation. */
export function removeApp(invocation: Invocation): Promise<void> {
  return changeApps('packages/create-app/src/remove-app-main.ts', invocation);
}

/** Merges the template's improvements into the apps that were made from it. */
export function updateApps(invocation: Invocation): Promise<void> {
  return runProgram('packages/create-app/src/app-update-main.ts', invocation);
}

/** Says how far behind the template each app is, and what is wrong with it. */
export function examineApps(invocation: Invocation): Promise<void> {
  return runProgram('packages/create-app/src/app-doctor-main.ts', invocation);
}

/** An app brings its own client along and changes no other's, so none has to be generated again. */
async function changeApps(file: string, invocation: Invocation): Promise<void> {
  await runProgram(file, invocation);
  noteGenerated(invocation.settings.root, invocation.settings.local);
}

/** A command that is a program of its own: given the arguments that follow the command's name. */
async function runProgram(file: string, { settings, tools, args }: Invocation, env = {}): Promise<void> {
  await generateClients(tools, settings.local);
  await runTool(process.execPath, [join(settings.root, file), ...args], { ...tools, env }, { interactive: true });
}
