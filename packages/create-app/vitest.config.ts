import shared from '@gatehouse/test-kit/vitest';

/**
 * These tests start servers of their own: they need no database to clone. Those of a kind run in the apps that are made
 * of it.
 */
export default {
  ...shared,
  test: { ...shared.test, globalSetup: [], exclude: [...(shared.test?.exclude ?? []), 'kinds/**'] },
};
