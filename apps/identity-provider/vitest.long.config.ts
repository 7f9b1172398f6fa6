import short from './vitest.config.ts';

/** What takes long: instances that are restarted one after the other. */
export default {
  ...short,
  test: {
    ...short.test,
    include: ['**/*.long.test.ts'],
    exclude: ['**/node_modules/**'],
    outputFile: { json: '.local/results-long.json' },
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
};
