import short from './vitest.config.ts';

/** What takes long: apps that are made, checked and updated in a whole checkout. */
export default {
  ...short,
  test: {
    ...short.test,
    include: ['**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
    // The stories hold the generator to seconds: one at a time.
    maxWorkers: 1,
    outputFile: { json: '.local/results-long.json' },
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
};
