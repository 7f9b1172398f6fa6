import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** A file: the statements of the run are added to it, for the test that compares rights with their use. */
const { RECORD_STATEMENTS: record } = process.env;

/** The one test configuration: every package re-exports it from its `vitest.config.ts`. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/generated/**', '**/*.long.test.ts'],
    setupFiles: record ? [join(import.meta.dirname, 'record-statements.ts')] : [],
    globalSetup: [join(import.meta.dirname, 'global-setup.ts')],
    reporters: ['default', 'json'],
    outputFile: { json: '.local/results.json' },
    maxWorkers: 2,
    // On a busy machine a second is soon over.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
