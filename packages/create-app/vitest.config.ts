import shared from '@gatehouse/test-kit/vitest';

/** These tests start servers of their own: they need no database to clone. */
export default { ...shared, test: { ...shared.test, globalSetup: [] } };
