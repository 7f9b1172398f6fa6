export class UsageError extends Error {
  readonly code = 'usage';

  constructor(given: string, commands: string[]) {
    super(`There is no command "${given}". There are ${commands.join(', ')}.`);
    this.name = 'UsageError';
  }
}

/** What to show of an error: one of ours, known by its worded code, says all in its message; others need the stack. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = 'code' in error && typeof error.code === 'string' && /^[a-z]+(_[a-z]+)*$/.test(error.code);
  return isOurs ? error.message : (error.stack ?? error.message);
}
