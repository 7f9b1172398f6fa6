import { readFileSync } from 'node:fs';

/** A process ended, or took too long, before it was ready. The message carries the end of its log. */
export class ProcessStartError extends Error {
  readonly code = 'process_not_ready';

  constructor(name: string, reason: string, logFile: string) {
    super(`${name} ${reason}. The end of ${logFile}:\n${lastLines(logFile)}`);
    this.name = 'ProcessStartError';
  }
}

function lastLines(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12);
    return lines.map((line) => `  ${line}`).join('\n');
  } catch {
    return '  (nothing was logged)';
  }
}
