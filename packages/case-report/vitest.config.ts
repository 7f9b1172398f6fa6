import { defineConfig } from 'vitest/config';

/** Needs no database, so not the shared configuration. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: '.local/results.json' },
  },
});
