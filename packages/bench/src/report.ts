import { type Cost, type Operation, operations, type Round } from './rounds.ts';

export interface Rounds {
  ours: Round[];
  baseline: Round[];
}

export type Statements = Record<Operation, number>;

/** Processor milliseconds, medians over the rounds. `ratio` is the median of the rounds' own ratios. */
export interface Result {
  ours: number;
  baseline: number;
  ratio: number;
  statements: number;
}

export function summarise(rounds: Rounds, statements: Statements): Record<Operation, Result> {
  const result = (operation: Operation): Result => {
    const { ours, baseline, ratio } = spreads(rounds, operation);
    return { ours: ours.median, baseline: baseline.median, ratio: ratio.median, statements: statements[operation] };
  };
  return { hop: result('hop'), login: result('login'), request: result('request') };
}

/** A table for people. */
export function renderTable(rounds: Rounds, statements: Statements, setting: string[]): string {
  const header = ['', 'ours', '', '', 'baseline', '', '', 'ratio', '', '', 'SQL'];
  const units = ['processor ms', 'min', 'median', 'max', 'min', 'median', 'max', 'min', 'median', 'max', 'statements'];
  const rows = operations.map((operation) => {
    const { ours, baseline, ratio } = spreads(rounds, operation);
    const figures = [ours, baseline, ratio].flatMap(({ min, median, max }) => [min, median, max].map(figure));
    return [titles[operation], ...figures, String(statements[operation])];
  });
  const parts = operations.map((operation) => {
    const of = (system: Round[]) => describe(medianByPart(system.map((round) => round[operation])));
    return `${titles[operation]}: ours ${of(rounds.ours)}; baseline ${of(rounds.baseline)}`;
  });
  return [...align([header, units, ...rows]), '', 'Where the time goes (medians):', ...parts, '', ...setting].join(
    '\n',
  );
}

const titles: Record<Operation, string> = { hop: 'hop', login: 'full sign-in', request: 'request' };

interface Spread {
  min: number;
  median: number;
  max: number;
}

function spreads(rounds: Rounds, operation: Operation) {
  const ours = rounds.ours.map((round) => total(round[operation]));
  const baseline = rounds.baseline.map((round) => total(round[operation]));
  const ratios = ours.map((cost, index) => cost / (baseline[index] ?? Number.NaN));
  return { ours: spread(ours), baseline: spread(baseline), ratio: spread(ratios) };
}

const total = (cost: Cost): number => Object.values(cost).reduce((sum, part) => sum + part, 0);

function spread(values: number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

const medianByPart = (costs: Cost[]): Cost =>
  Object.fromEntries(
    Object.keys(costs[0] ?? {}).map((key) => [key, spread(costs.map((cost) => cost[key] ?? 0)).median]),
  );

const describe = (cost: Cost): string =>
  Object.entries(cost)
    .map(([part, milliseconds]) => `${part} ${figure(milliseconds)}`)
    .join(' + ');

const figure = (value: number): string => value.toFixed(value < 1 ? 3 : 2);

function align(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}
