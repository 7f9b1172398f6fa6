import type { TemplateRecord } from '../checkout/template-record.ts';
import type { AppUpdate } from './update-app.ts';

const nameOf = ({ version, commit }: TemplateRecord) => `${version} (${commit.slice(0, 7)})`;

/** What an update did, and what is left for people, each with the command that does it. */
export function showUpdate({ name, from, to, isBaseKnown, changes, needsMigration }: AppUpdate): string {
  const lines = [`\n${name}: template ${nameOf(from)} → ${nameOf(to)}`];
  if (changes.length === 0) lines.push('  nothing to merge');
  if (!isBaseKnown) {
    lines.push(
      `  This clone does not have ${from.commit.slice(0, 7)}, so every difference is a conflict. If its history is only`,
      `  shallow: git fetch --unshallow. If it was rewritten, template.commit in apps/${name}/package.json may name the`,
      '  commit that took its place.',
    );
  }
  for (const { outcome, path, note } of changes)
    lines.push(`  ${outcome.padEnd(8)}  ${path}${note ? `: ${note}` : ''}`);
  if (needsMigration) {
    lines.push(
      '  prisma/schema.prisma changed. Where its tables did, make the migration, with the organisation running:',
      '    export OWNER_DATABASE_URL=$(node -p "require(\'./.local/org.json\').database_url")',
      `    pnpm --dir apps/${name} exec gatehouse-prisma migrate dev --name NAME`,
    );
  }
  if (changes.some(({ outcome }) => outcome === 'conflict')) {
    lines.push(`  Decide about each conflict, then: pnpm app-update ${name} --resolved ${to.commit}`);
  }
  return lines.join('\n');
}
