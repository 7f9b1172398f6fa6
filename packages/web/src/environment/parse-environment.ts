import { readFileSync } from 'node:fs';
import type { z } from 'zod';

type Shape = Record<string, z.ZodType>;

/** What a process reads from its environment. Secrets stand apart and may also be given as `NAME_FILE`. */
export interface Environment<Settings extends Shape = Shape, Secrets extends Shape = Shape> {
  settings: Settings;
  secrets: Secrets;
}

type CamelCase<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<Name & string>;

type Values<S extends Shape> = { [Name in keyof S as CamelCase<Name>]: z.output<S[Name]> };

/** Settings by camelCase name (`BASE_URL` becomes `baseUrl`), secrets under `secrets`. */
export type ConfigOf<E extends Environment> = Values<E['settings']> & { secrets: Values<E['secrets']> };

/** The environment is wrong; `faults` has one line for each variable at fault, never with its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config_invalid';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the environment is not valid:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
    // Read by an operator at a terminal, to whom our stack says nothing.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * Reads and checks a whole environment. An empty variable counts as missing; one whose name begins with `DEVELOPMENT_`
 * is refused in production.
 * @param readFile reads the file that a `NAME_FILE` names; a trailing line break is dropped
 * @throws ConfigError with every fault at once
 */
export function parseEnvironment<Settings extends Shape, Secrets extends Shape>(
  { settings, secrets }: Environment<Settings, Secrets>,
  env: NodeJS.ProcessEnv,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): ConfigOf<Environment<Settings, Secrets>> {
  const faults: string[] = [];
  const read = (shape: Shape, valueOf: (name: string) => string | undefined) => {
    const values: Record<string, unknown> = {};
    for (const [name, schema] of Object.entries(shape)) {
      const result = schema.safeParse(attempt(name, valueOf));
      if (result.success) values[camelCase(name)] = result.data;
      else faults.push(`${name}: ${messageOf(result.error)}`);
      if (name.startsWith('DEVELOPMENT_') && result.data !== undefined && env.NODE_ENV === 'production') {
        faults.push(`${name}: is for development only`);
      }
    }
    return values;
  };
  const attempt = (name: string, valueOf: (name: string) => string | undefined) => {
    try {
      return valueOf(name);
    } catch (cause) {
      faults.push(`${name}_FILE: ${(cause as Error).message}`);
      return undefined;
    }
  };
  const fromVariable = (name: string) => env[name] || undefined;
  const fromVariableOrFile = (name: string) => {
    const path = env[`${name}_FILE`];
    if (!path) return fromVariable(name);
    if (env[name]) throw new Error(`give either ${name} or ${name}_FILE`);
    return readFile(path).replace(/\r?\n$/, '') || undefined;
  };

  const config = { ...read(settings, fromVariable), secrets: read(secrets, fromVariableOrFile) };
  if (faults.length > 0) throw new ConfigError(faults);
  return config as ConfigOf<Environment<Settings, Secrets>>;
}

const messageOf = (error: z.ZodError) => error.issues.map(({ message }) => message).join('; ');

const camelCase = (name: string) => name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
