import { execFileSync } from 'node:child_process';
import { hasCommitted } from '../checkout/git.ts';
import { changesFile, readTemplateChanges, type TemplateChange } from '../checkout/template-changes.ts';
import { readKind, readRecord } from '../checkout/template-record.ts';
import { overlayFolders } from '../plan/kind.ts';
import { type Finding, fault, warning } from './finding.ts';

export interface TemplateLag {
  /** The template's version that the app has taken. */
  version: number;
  /** The listed changes that it has not taken, newest first. */
  changes: TemplateChange[];
  /** The template's commits since; undefined where the history does not have the commit that the app records. */
  commits: number | undefined;
}

/** How far an app is behind the template, by the list of changes and by the history. */
export function templateLag(root: string, name: string): TemplateLag {
  const { version, commit } = readRecord(root, name);
  const changes = readTemplateChanges(root).filter((change) => change.version > version);
  const isKnown = hasCommitted(root, 'apps/template', commit);
  return {
    version,
    changes,
    commits: isKnown ? templateCommits(root, commit, overlayFolders(readKind(root, name))) : undefined,
  };
}

/** One fault for each security fix that is missing, and a warning for the rest. */
export function lagFindings(name: string, { changes, commits = 0 }: TemplateLag): Finding[] {
  const mend = `pnpm app-update ${name}`;
  const [holes, others] = [changes.filter((each) => each.isSecurity), changes.filter((each) => !each.isSecurity)];
  const findings = holes.map(({ version, date, summary }) =>
    fault('template', `it lacks the security fix ${version} of ${date}: ${summary}`, mend),
  );
  if (others.length > 0) {
    const numbers = others.map(({ version }) => version).join(', ');
    return [
      ...findings,
      warning('template', `it is behind the template by ${plural(others.length, 'change')}: ${numbers}`, mend),
    ];
  }
  if (holes.length > 0 || commits === 0) return findings;
  return [
    warning('template', `the template has changed since, in ${plural(commits, 'commit')} that no version lists`, mend),
  ];
}

/** Reminds of a change of the template that nobody has listed: without a version no app is told of it. */
export function listFindings(root: string): Finding[] {
  if (!hasCommitted(root, 'docs', 'HEAD')) return [];
  const listed = execFileSync('git', ['log', '-1', '--format=%H', '--', changesFile], { cwd: root, encoding: 'utf8' });
  const commits = templateCommits(root, listed.trim());
  if (commits === 0) return [];
  const cause = `apps/template has changed in ${plural(commits, 'commit')} since the newest entry of ${changesFile}`;
  return [warning('template', cause, `add an entry to ${changesFile}, if the apps made from it should have this too`)];
}

function templateCommits(root: string, since: string, overlay: string[] = []): number {
  const args = ['rev-list', '--count', `${since}..HEAD`, '--', 'apps/template', ...overlay];
  return Number(execFileSync('git', args, { cwd: root, encoding: 'utf8' }));
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
