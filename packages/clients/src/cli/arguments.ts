import { parseArgs } from 'node:util';
import { z } from 'zod';

export const usage = `client add FILE.json [--access rules|everyone]   registers a client; - reads standard input
client update CLIENT_ID FILE.json                puts this metadata in the place of its present one
client list                                      every client, without secrets
client rotate CLIENT_ID [--previous-until DATE]  a new secret; the one before works on, until DATE if given
client retire CLIENT_ID                          stops the secret before the present one
client remove CLIENT_ID                          with its consents, tokens and sign-ins`;

export class UsageError extends Error {
  override name = 'UsageError';

  constructor(message: string) {
    super(`${message}\n\n${usage}`);
  }
}

export type Command =
  | { name: 'add'; file: string; access: 'rules' | 'everyone' | undefined }
  | { name: 'update'; clientId: string; file: string }
  | { name: 'list' }
  | { name: 'rotate'; clientId: string; previousUntil: Date | undefined }
  | { name: 'retire' | 'remove'; clientId: string };

const values = z.object({
  access: z.enum(['rules', 'everyone'], { error: '--access is rules or everyone' }).optional(),
  'previous-until': z.coerce
    .date({ error: '--previous-until is a date such as 2027-01-31, or a time' })
    .min(new Date(), '--previous-until must be in the future')
    .optional(),
});

/** @throws {UsageError} */
export function readArguments(args: readonly string[]): Command {
  const { positionals, given } = parse(args);
  const [name, target, ...more] = positionals;
  const [file, ...rest] = name === 'update' ? more : [undefined, ...more];
  const { data, error } = values.safeParse(given);
  if (error) throw new UsageError(error.issues.map(({ message }) => message).join('\n'));
  if (rest.length > 0) throw new UsageError(`What is ${rest.join(' ')}?`);
  if (name === 'list' && target === undefined) return { name };
  if (name === 'add') return { name, file: required(target, 'the file with the metadata'), access: data.access };
  const clientId = () => required(target, 'the client_id');
  if (name === 'update') return { name, clientId: clientId(), file: required(file, 'the file with the metadata') };
  if (name === 'rotate') return { name, clientId: clientId(), previousUntil: data['previous-until'] };
  if (name === 'retire' || name === 'remove') return { name, clientId: clientId() };
  throw new UsageError(name ? `There is no client ${name}.` : 'What is to be done?');
}

function parse(args: readonly string[]) {
  try {
    const { positionals, values: given } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { access: { type: 'string' }, 'previous-until': { type: 'string' } },
    });
    return { positionals, given };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function required(value: string | undefined, what: string): string {
  if (value === undefined) throw new UsageError(`Name ${what}.`);
  return value;
}
