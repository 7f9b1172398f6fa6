import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePortBase } from './ports/index.ts';
import { isRunning } from './processes/process-identity.ts';
import { copyCheckout, giveTo, npm } from './testing/checkout-copy.ts';
import { eventually } from './testing/fake-process.ts';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
const users = isRoot
  ? [
      ['root, under a folder that only root can enter', undefined],
      ['an ordinary user', nobody],
    ]
  : [['the user who runs this', undefined]];

/** A fresh clone on a machine with only Node and npm, with a space in its path and a clean home folder. */
describe.each(users as [string, typeof nobody | undefined][])('npm start for %s', (_, user) => {
  let folder: string;
  let options: Parameters<typeof npm>[1];
  let portBase: number;

  beforeAll(async () => {
    folder = mkdtempSync('/var/tmp/gatehouse clone ');
    const [cwd, home] = [join(folder, 'my checkout'), join(folder, 'home')];
    mkdirSync(home);
    copyCheckout(cwd);
    if (user) giveTo(folder, user);
    else chmodSync(folder, 0o700);
    portBase = await freePortBase();
    options = { cwd, home, env: { PORT_BASE: String(portBase) }, ...(user && { user }) };
  });
  afterAll(async () => {
    await npm(['run', 'reset'], options).exit;
    rmSync(folder, { recursive: true, force: true });
  });

  const startAndStop = async (changes: Partial<typeof options> = {}) => {
    const begin = performance.now();
    const started = npm(['start'], { ...options, ...changes });
    await eventually(() => started.child.exitCode !== null || started.output().includes('Ctrl-C stops'), 300_000);
    expect(started.child.exitCode, started.output()).toBeNull();
    const seconds = (performance.now() - begin) / 1000;
    const run = JSON.parse(readFileSync(join(options.cwd, '.local', 'run.json'), 'utf8'));
    const pids: number[] = [run.launcher, ...run.children].map(({ pid }) => pid);
    const answers = changes.wrapper ? undefined : (await fetch(`http://localhost:${portBase}/readyz`)).status;
    const stop = performance.now();
    process.kill(run.launcher.pid, 'SIGINT');
    expect(await started.exit).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
    return { seconds, secondsToStop: (performance.now() - stop) / 1000, answers, output: started.output() };
  };

  it('installs, sets up and runs the organisation within a minute', async () => {
    const { seconds, answers, output } = await startAndStop();
    expect(answers).toBe(200);
    expect(seconds).toBeLessThan(60);
    expect(output).toContain('Installing what the lockfile lists');
  });

  it('starts again without installing, within 6 s, and stops on Ctrl-C within 3 s', async () => {
    // The quickest of three, as other programs may take the machine for a while.
    const tries = [await startAndStop(), await startAndStop(), await startAndStop()];
    expect(Math.min(...tries.map(({ seconds }) => seconds))).toBeLessThan(6);
    expect(Math.min(...tries.map(({ secondsToStop }) => secondsToStop))).toBeLessThan(3);
    const output = tries.map((each) => each.output).join('');
    expect(output).not.toContain('Installing');
    expect(output).not.toContain('Generating');
  });

  it.runIf(isRoot && !user)('starts again without any network', async () => {
    const withLoopback = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
    if (spawnSync(withLoopback[0] ?? '', [...withLoopback.slice(1), 'true']).status !== 0) return;
    await startAndStop({ wrapper: withLoopback });
  });

  it('passes exit codes on', async () => {
    expect(await npm(['run', 'start', '--silent'], { ...options, env: { PORT_BASE: 'high' } }).exit).toBe(1);
  });

  it.runIf(isRoot)('leaves no process behind', () => {
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(folder);
  });
});

it('C65 names a lockfile that does not fit as the cause, and npm adds no notice of its own', async () => {
  const folder = mkdtempSync('/var/tmp/gatehouse clone ');
  const [cwd, home] = [join(folder, 'checkout'), join(folder, 'home')];
  mkdirSync(home);
  copyCheckout(cwd);
  try {
    const manifest = join(cwd, 'apps', 'finance', 'package.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"dependencies": {', '"dependencies": {"a": "1",'));
    const check = npm(['run', 'check'], { cwd, home });
    expect(await check.exit).toBe(1);
    expect(check.output()).toContain('pnpm-lock.yaml does not fit the package.json files');
    expect(check.output()).not.toContain('has to reach one');
    expect(readFileSync(join(cwd, '.npmrc'), 'utf8')).toMatch(/^update-notifier=false$/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('says which Node is needed when the machine has an older one', () => {
  const bootstrap = join(import.meta.dirname, '..', '..', '..', 'scripts', 'bootstrap.mjs');
  const old = `Object.defineProperty(process.versions, 'node', { value: '18.20.0' });`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(old)}`, bootstrap, 'start'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^Gatehouse needs Node 20 or newer/)]);
});
