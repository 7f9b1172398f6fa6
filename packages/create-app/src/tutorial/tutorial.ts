import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What docs/your-first-app.md tells its reader to do, and what it says that they will see. */
export type Step =
  | { kind: 'commands'; lines: string[] }
  /** Lines that the commands before printed, among others. */
  | { kind: 'output'; lines: string[] }
  | { kind: 'change'; file: string; from: string; to: string }
  /** What somebody does in their browser, and whether the page then has the text. */
  | { kind: 'visit'; login: string; presses?: string; sends?: Record<string, string>; text: string; isSeen: boolean };

const root = join(import.meta.dirname, '..', '..', '..', '..');

export const tutorial = readFileSync(join(root, 'docs', 'your-first-app.md'), 'utf8');

/** The steps in their order. @throws for one that is written as no step is */
export function tutorialSteps(page = tutorial): Step[] {
  const parts = page.matchAll(/^```(\w+) ?(\S*)\n([^]*?)^```|^- (.*)$/gm);
  return [...parts].map(([, kind, file = '', text = '', item = '']) => {
    const lines = text.trimEnd().split('\n');
    if (kind === 'sh') return { kind: 'commands', lines };
    if (kind === 'text') return { kind: 'output', lines };
    if (kind === 'diff') return { kind: 'change', file, from: side(lines, '+'), to: side(lines, '-') };
    if (kind === undefined) return visit(item);
    throw new Error(`The tutorial has a block of an unknown kind: ${kind}`);
  });
}

/** The lines of a diff without those of the other side. */
const side = (lines: string[], other: '+' | '-') =>
  lines.flatMap((line) => (line[0] === other ? [] : [line.slice(1)])).join('\n');

/** `login` sees **text** */
function visit(item: string): Step {
  const [, login = '', deed = '', not = '', text] =
    /^`([\w.]+)` (.*?)(does not see|sees) \*\*([^*]+)\*\*$/.exec(item) ?? [];
  if (text === undefined) throw new Error(`The tutorial has a result that cannot be read: ${item}`);
  const presses = /^presses \*\*([^*]+)\*\* and $/.exec(deed)?.[1];
  const sends = [...deed.matchAll(/the (\w+) \*\*([^*]+)\*\*/g)].map(([, name = '', value = '']) => [name, value]);
  if (deed && !presses && !sends.length) throw new Error(`The tutorial has a deed that cannot be read: ${deed}`);
  return {
    kind: 'visit',
    login,
    text,
    isSeen: not === 'sees',
    ...(presses && { presses }),
    ...(sends.length && { sends: Object.fromEntries(sends) }),
  };
}

/** The text with the change made. @throws where it does not fit in exactly one place */
export function withChange(text: string, { file, from, to }: Extract<Step, { kind: 'change' }>): string {
  const places = text.split(from).length - 1;
  if (places !== 1) throw new Error(`The tutorial's change fits ${places} places of ${file}:\n${from}`);
  return text.replace(from, () => to);
}
