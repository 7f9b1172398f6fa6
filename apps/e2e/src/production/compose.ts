import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '..', '..', '..', '..');

export interface Service {
  image?: string;
  build?: { context: string; target: string; args?: Record<string, string> };
  environment?: Record<string, string>;
  secrets?: string[];
  depends_on?: Record<string, { condition: string }>;
}

export interface Compose {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
}

export const readCompose = (): Compose =>
  parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });

/** Docker Compose's own substitution: `${NAME}`, `${NAME:-default}` and `${NAME:?what it is}`. */
export function substitute(text: string, values: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, operator?: string, rest = '') => {
    const value = values[name] || (operator === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`${name} has no value`);
    return value;
  });
}

/** The variables that somebody has to give, in `.env` or otherwise. */
export const requiredVariables = (text: string): string[] => [
  ...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name)),
];
