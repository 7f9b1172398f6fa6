import short from './vitest.config.ts';

/** What is measured by the clock: nothing else may run meanwhile. */
export default {
  ...short,
  test: {
    ...short.test,
    include: ['src/**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
    outputFile: { json: '.local/results-long.json' },
    testTimeout: 400_000,
  },
};
