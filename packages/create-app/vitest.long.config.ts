import { long } from '@gatehouse/test-kit/vitest-long';
import short from './vitest.config.ts';

/**
 * What takes long: apps that are made, checked and updated in a whole checkout. They hold the generator to seconds: one
 * at a time.
 */
export default long(short, { maxWorkers: 1 });
