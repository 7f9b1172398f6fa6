import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The one test configuration: every package re-exports it from its `vitest.config.ts`. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/generated/**', '**/*.long.test.ts'],
    globalSetup: [join(import.meta.dirname, 'global-setup.ts')],
    reporters: ['default', 'json'],
    outputFile: { json: '.local/results.json' },
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
