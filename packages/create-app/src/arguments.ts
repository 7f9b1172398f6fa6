import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { CreateAppError } from './errors.ts';
import { type Kind, kinds } from './plan/kind.ts';
import type { AppWishes } from './plan/plan-app.ts';

const usage = {
  'new-app': `pnpm new-app NAME [--title "Title"] [--description "Line in the launcher"] [--department CODE]
             [--kind page|api|job] [--dry-run]
pnpm new-app NAME --outside DIR [--title "Title"] [--dry-run]`,
  'remove-app': 'pnpm remove-app NAME [--drop-data] [--dry-run]',
};

export interface NewAppArguments {
  wishes: AppWishes;
  /** Where the app is to have a repository of its own. */
  outside?: string;
  dryRun: boolean;
}

/** @throws {CreateAppError} usage, kind_unknown */
export function newAppArguments(args: string[]): NewAppArguments {
  const types = {
    title: 'string',
    description: 'string',
    department: 'string',
    kind: 'string',
    outside: 'string',
  } as const;
  const { name, values } = parse('new-app', args, types);
  const { kind, outside, 'dry-run': dryRun, ...texts } = values;
  const wishes = { ...texts, name, kind: requireKind(kind) };
  if (typeof outside !== 'string') return { wishes, dryRun: dryRun === true };
  for (const other of ['description', 'department', 'kind']) {
    if (other in values)
      throw new CreateAppError('usage', `--${other} says nothing of an app outside.\n\n${usage['new-app']}`);
  }
  return { wishes, outside, dryRun: dryRun === true };
}

/** @throws {CreateAppError} usage */
export function removeAppArguments(args: string[]): { name: string; dropData: boolean; dryRun: boolean } {
  const { name, values } = parse('remove-app', args, { 'drop-data': 'boolean' });
  return { name, dropData: values['drop-data'] === true, dryRun: values['dry-run'] === true };
}

function requireKind(kind: unknown = 'page'): Kind {
  const known = kinds.find((each) => each === kind);
  if (known) return known;
  throw new CreateAppError('kind_unknown', `There is no kind ${JSON.stringify(kind)}. There are ${kinds.join(', ')}.`);
}

function parse(command: keyof typeof usage, args: string[], types: Record<string, 'string' | 'boolean'>) {
  const options = Object.fromEntries(
    Object.entries({ ...types, 'dry-run': 'boolean' as const }).map(([option, type]) => [option, { type }]),
  );
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [name, ...more] = positionals;
    if (name !== undefined && more.length === 0) return { name, values };
  } catch (cause) {
    throw new CreateAppError('usage', `${(cause as Error).message}\n\n${usage[command]}`, { cause });
  }
  throw new CreateAppError('usage', `Say the name of one app:\n\n${usage[command]}`);
}

/** Asks a person at a terminal what they would otherwise say as arguments. */
export async function askForApp(signal: AbortSignal): Promise<AppWishes> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ask = async (question: string) => (await terminal.question(question, { signal })).trim() || undefined;
  try {
    return {
      name: (await ask('Name of the app, such as grants: ')) ?? '',
      title: await ask('Title, as people see it (empty for the name): '),
      kind: requireKind(await ask(`What it begins as, ${kinds.join(', ')} (empty for page): `)),
      department: await ask('Code of the department that may open it (empty for nobody): '),
    };
  } finally {
    terminal.close();
  }
}
