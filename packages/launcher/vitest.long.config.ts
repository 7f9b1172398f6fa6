import { long } from '@gatehouse/test-kit/vitest-long';
import short from './vitest.config.ts';

/**
 * What takes long: starting the whole organisation, installing a whole checkout. They hold the start to seconds: one at
 * a time.
 */
export default long(short, { maxWorkers: 1 });
