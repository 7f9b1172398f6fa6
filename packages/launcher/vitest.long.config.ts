import short from './vitest.config.ts';

/** What takes long: starting the whole organisation, installing a whole checkout. */
export default {
  ...short,
  test: {
    ...short.test,
    include: ['**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
    // They hold the start to seconds: one at a time.
    maxWorkers: 1,
    outputFile: { json: '.local/results-long.json' },
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
};
