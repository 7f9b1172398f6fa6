/**
 * `pnpm app-doctor [--json]`, run by the launcher; ends with 1 where there is a fault. `--behind` only warns of apps
 * that are behind the template, and ends well: CI runs it.
 */
import { parseArgs } from 'node:util';
import { loadSettings } from '@gatehouse/launcher';
import { hasCommitted } from './checkout/git.ts';
import { madeApps } from './checkout/template-record.ts';
import { examine } from './doctor/examine.ts';
import { hasFaults, showReport, showWarnings } from './doctor/show-report.ts';
import { lagFindings, listFindings, templateLag } from './doctor/template-lag.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { json: flag, behind: flag } });
  const settings = loadSettings(process.env);
  if (values.behind) {
    const { root } = settings;
    if (!hasCommitted(root, 'apps/template', 'HEAD')) return console.log('There is no history here to compare with.');
    const warnings = madeApps(root).flatMap((name) =>
      lagFindings(name, templateLag(root, name)).map((finding) => ({ name, finding })),
    );
    const list = listFindings(root).map((finding) => ({ name: 'template', finding }));
    console.log(showWarnings([...warnings, ...list]) || 'Every app has what the template has.');
    return;
  }
  const report = await examine(settings);
  console.log(values.json ? JSON.stringify(report, null, 2) : showReport(report));
  if (hasFaults(report)) process.exitCode = 1;
});
