import { yamlLines } from './yaml-lines.ts';

/**
 * `pnpm-lock.yaml` with an app that depends on exactly what the template depends on: nothing is resolved anew, so a
 * frozen install takes it as it is.
 */
export function withImporter(source: string, name: string): string {
  const lines = yamlLines(source);
  const own = `apps/${name}`;
  const template = lines.entry(['importers', 'apps/template']);
  const text = template.replace('apps/template:', `${own}:`).trimEnd();
  const next = lines.keysAt(['importers']).find((key) => key > own);
  return next ? lines.before(['importers', next], `${text}\n\n`) : lines.append(['importers'], `\n${text}\n`);
}

/** `pnpm-lock.yaml` without the app; packages that only it needed stay until the next install. */
export function withoutImporter(source: string, name: string): string {
  const lines = yamlLines(source);
  const has = lines.keysAt(['importers']).includes(`apps/${name}`);
  return has ? lines.withoutEntry(['importers', `apps/${name}`]) : source;
}
