import shared from '@gatehouse/test-kit/vitest';

/**
 * These tests start servers of their own: they need no database to clone. What apps begin as is tested in the apps that
 * are made of it.
 */
export default { ...shared, test: { ...shared.test, include: ['src/**/*.test.ts'], globalSetup: [] } };
