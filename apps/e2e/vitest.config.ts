import { defineConfig } from 'vitest/config';

/** One organisation and one browser for all journeys: files run one after another. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.long.test.ts'],
    globalSetup: ['src/support/organisation.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: '.local/results.json' },
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
