import { defineConfig } from 'vitest/config';

// These tests need no database, so they do without the test kit's.
export default defineConfig({
  test: { reporters: ['default', 'json'], outputFile: { json: '.local/results.json' } },
});
