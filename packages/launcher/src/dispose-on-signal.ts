/**
 * Ctrl-C, a polite kill or a closed terminal: stops what was started, then ends with the exit code. Asking again
 * changes nothing, since stopping takes 3 s at most.
 */
export function disposeOnSignal(resources: AsyncDisposableStack, exitCode: number): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!resources.disposed) void resources.disposeAsync().finally(() => process.exit(exitCode));
    });
  }
}
