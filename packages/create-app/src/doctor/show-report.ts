import { styleText } from 'node:util';
import type { AppReport, Report } from './examine.ts';
import type { Finding } from './finding.ts';

const style = (format: 'red' | 'green' | 'yellow' | 'dim', text: string) =>
  styleText(format, text, { stream: process.stdout });

const isFault = ({ severity }: Finding) => severity === 'fault';

export function hasFaults({ findings, apps }: Report): boolean {
  return [findings, ...apps.map((app) => app.findings)].flat().some(isFault);
}

/** The report for people: one line for each app, below it what is wrong, and below that what mends it. */
export function showReport({ issuer, findings, apps }: Report): string {
  return [
    issuer ? `The organisation runs at ${issuer}.` : 'The organisation does not run: looking at the files only.',
    ...findings.flatMap(showFinding),
    ...apps.flatMap((app) => [
      `${markOf(app)} ${app.name} ${style('dim', ageOf(app))}`,
      ...app.findings.flatMap(showFinding),
    ]),
  ].join('\n');
}

/** How far each app is behind the template, for CI: nothing where all is well. */
export const showWarnings = (warnings: { name: string; finding: Finding }[]): string =>
  warnings.map(({ name, finding }) => style('yellow', `! ${name}: ${finding.cause} → ${finding.mend}`)).join('\n');

function markOf({ findings }: AppReport): string {
  if (findings.some(isFault)) return style('red', '✗');
  return findings.length ? style('yellow', '!') : style('green', '✓');
}

function ageOf({ template }: AppReport): string {
  return template ? `from template ${template.version}` : '';
}

function showFinding(finding: Finding): string[] {
  const mark = isFault(finding) ? style('red', '✗') : style('yellow', '!');
  return [`    ${mark} ${finding.check}: ${finding.cause}`, `      ${style('dim', '→')} ${finding.mend}`];
}
