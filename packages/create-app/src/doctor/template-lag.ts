import { execFileSync } from 'node:child_process';

export interface TemplateLag {
  /** The template's commits that the app has not taken, newest first: `1a2b3c4 subject`. */
  behind: string[];
  /** Those of them that close a hole: of type `fix(security)`, or with a `Security:` footer. */
  security: string[];
}

/** How far an app is behind the template. */
export function templateLag(root: string, recorded: string): TemplateLag {
  const args = ['log', '-z', '--format=%h %s%n%b', `${recorded}..HEAD`, '--', 'apps/template'];
  const log = execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const commits = log.split('\0').filter((text) => text.trim());
  const titleOf = (text: string) => text.split('\n')[0] ?? '';
  const isSecurity = (text: string) => /^\w+ fix\(security\)!?:/.test(text) || /^Security:/m.test(text);
  return { behind: commits.map(titleOf), security: commits.filter(isSecurity).map(titleOf) };
}
