type Paint = (text: string) => string;

const gap = '  ';

/**
 * Lines of aligned columns, each painted with its own style. The last column wraps within `width` and continues under
 * itself; the others are as wide as their longest cell.
 */
export function formatColumns(rows: string[][], paints: Paint[], width: number, heading?: string[]): string[] {
  const all = heading ? [heading, ...rows] : rows;
  const widths = paints.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + gap.length, 0);
  const last = paints.length - 1;

  return all.flatMap((row, index) => {
    const isHeading = heading !== undefined && index === 0;
    const wrapped = wrap(row[last] ?? '', Math.max(width - before, 24));
    const first = row.map((cell, column) => {
      const text = column === last ? (wrapped[0] ?? '') : cell.padEnd(widths[column] ?? 0);
      return (isHeading ? paints[last] : paints[column])?.(text) ?? text;
    });
    const rest = wrapped.slice(1).map((line) => ' '.repeat(before) + (paints[last]?.(line) ?? line));
    return [first.join(gap).trimEnd(), ...rest];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}
