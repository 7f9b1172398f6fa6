export { default } from '@gatehouse/test-kit/vitest';
