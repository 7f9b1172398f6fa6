import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ToolContext } from '../tools/run-tool.ts';
import { installFromDebian, mayInstall } from './debian.ts';

/** There is no browser for the journeys, and this process may not install one. */
export class BrowserMissingError extends Error {
  readonly code = 'browser_missing';
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The machine's Chromium or Chrome: what CHROMIUM_PATH names, what is on PATH or in the usual places; root on Debian
 * installs Debian's.
 * @throws BrowserMissingError
 */
export async function requireBrowser(context: ToolContext, env: NodeJS.ProcessEnv): Promise<string> {
  const found = findBrowser(env);
  if (found) return found;
  if (mayInstall()) {
    console.log('Installing Chromium for the browser journeys …');
    await installFromDebian('chromium', context);
    const installed = findBrowser(env);
    if (installed) return installed;
  }
  throw new BrowserMissingError(
    'The browser journeys need Chromium or Google Chrome: install one, or name it in CHROMIUM_PATH.',
  );
}

/** @throws BrowserMissingError when CHROMIUM_PATH names nothing */
export function findBrowser(env: NodeJS.ProcessEnv): string | undefined {
  const { CHROMIUM_PATH: chosen, PATH: path = '' } = env;
  if (chosen && !existsSync(chosen))
    throw new BrowserMissingError(`CHROMIUM_PATH names ${chosen}, which is not there.`);
  if (chosen) return chosen;
  const onPath = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find((file) => existsSync(file));
}
