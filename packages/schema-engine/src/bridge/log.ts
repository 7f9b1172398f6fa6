/** Writes one log line in the native engine's format; Prisma's CLI reads errors from it. */
export function log(level: 'INFO' | 'ERROR', message: string, fields: Record<string, unknown> = {}): void {
  const entry = {
    timestamp: new Date().toISOString(),
    level,
    fields: { message, ...fields },
    target: 'schema_engine::logger',
  };
  // The CLI skips everything before the first line break.
  process.stderr.write(`\n${JSON.stringify(entry)}`);
}
