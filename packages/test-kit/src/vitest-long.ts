import type { ViteUserConfig } from 'vitest/config';

/**
 * The configuration of a package's long tests, `*.long.test.ts`: as of its short ones, with more time.
 *
 * @param more what is different in this package
 */
export function long(short: ViteUserConfig, more: ViteUserConfig['test'] = {}): ViteUserConfig {
  return {
    ...short,
    test: {
      ...short.test,
      include: ['**/*.long.test.ts'],
      exclude: ['**/node_modules/**'],
      outputFile: { json: '.local/results-long.json' },
      testTimeout: 600_000,
      hookTimeout: 600_000,
      ...more,
    },
  };
}
