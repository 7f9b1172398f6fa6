import { existsSync } from 'node:fs';
import { runTool, type ToolContext } from '../tools/run-tool.ts';

/** Root on Debian: its packages are the real programs, where Ubuntu's may only ask for another installer. */
export function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && !existsSync('/etc/lsb-release');
}

/** Installs a package that tests use, and starts no service of it. */
export async function installFromDebian(name: string, context: ToolContext): Promise<void> {
  const install = { ...context, env: { ...context.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } };
  await runTool('apt-get', ['update'], install, { quiet: true });
  await runTool('apt-get', ['install', '-y', '--no-install-recommends', name], install, { quiet: true });
}
