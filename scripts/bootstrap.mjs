/**
 * The first step of every command (`npm start`, `npm test`, `pnpm dev`, …), in plain JavaScript without dependencies,
 * because it runs on whatever Node the machine has: brings pnpm and what the lockfile lists, then hands over to the
 * launcher on the Node that this checkout pins.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
const binaries = join(root, 'node_modules', '.bin');
const stampFile = join(root, '.local', 'install.json');

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Gatehouse needs Node 20 or newer to start from; this is ${process.version}.`);
}
const { pnpmFolder } = installed() ?? install();
handOver(pnpmFolder);

/** The stamp of the last install, if it still describes this checkout. */
function installed() {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8'));
    const complete = [join(binaries, 'node'), stamp.pnpmFolder].every(existsSync);
    return complete && stamp.fingerprint === fingerprint() ? stamp : undefined;
  } catch {
    return undefined;
  }
}

function install() {
  console.error(`Installing what the lockfile lists with ${pnpm} …`);
  // CI: never ask a question, and never touch the lockfile.
  const env = { ...process.env, CI: 'true' };
  const { status } = npx(['-y', pnpm, 'install', '--frozen-lockfile'], { env, stdio: ['inherit', 2, 'inherit'] });
  if (status !== 0) {
    fail(`The install failed for the reason above. ${adviceOn(env)}`);
  }
  const found = npx(['-y', '-p', pnpm, '-c', 'command -v pnpm'], { encoding: 'utf8' });
  return noteInstalled(dirname(found.stdout.trim()));
}

/** What to do about a failed install: the lockfile alone is checked once more, without fetching anything. */
function adviceOn(env) {
  const again = ['-y', pnpm, 'install', '--frozen-lockfile', '--lockfile-only'];
  const { stdout, stderr } = npx(again, { env, encoding: 'utf8' });
  return /OUTDATED_LOCKFILE/.test(`${stdout}${stderr}`)
    ? 'pnpm-lock.yaml does not fit the package.json files: let pnpm bring it up to date, and commit it with them.'
    : 'If it names the registry, this machine has to reach one.';
}

function noteInstalled(pnpmFolder) {
  const stamp = { fingerprint: fingerprint(), pnpmFolder };
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify(stamp));
  return stamp;
}

function npx(args, options) {
  const result = spawnSync('npx', args, { cwd: root, ...options });
  if (result.error) fail(`npx did not start (${result.error.message}): Gatehouse needs npm, which comes with Node.`);
  return result;
}

/** Changes with the lockfile, any manifest, the platform and the place of the checkout. */
function fingerprint() {
  const hash = createHash('sha256').update([root, process.platform, process.arch].join('\n'));
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function manifests() {
  const folders = ['apps', 'packages'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  const candidates = ['.', 'prisma', ...folders.sort()].map((folder) => join(folder, 'package.json'));
  return candidates.filter((file) => existsSync(join(root, file)));
}

/** Runs the launcher as this process would have run: same terminal, signals passed on, same exit code. */
function handOver(pnpmFolder) {
  const launcher = join(root, 'packages', 'launcher', 'src', 'main.ts');
  const path = [binaries, pnpmFolder, process.env.PATH].join(delimiter);
  // Compiled once, the launcher and the apps start in half the time.
  const env = { NODE_COMPILE_CACHE: join(root, '.local', 'compile-cache'), ...process.env, PATH: path };
  // With npm killed the launcher is an orphan, which the next start has to know.
  if (process.env.npm_lifecycle_event) env.GATEHOUSE_STARTED_BY = String(process.ppid);
  const child = spawn(join(binaries, 'node'), [launcher, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`The launcher did not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    // They change what the lockfile lists and install it themselves.
    if (code === 0 && ['new-app', 'remove-app'].includes(process.argv[2])) noteInstalled(pnpmFolder);
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
