import { long } from '@gatehouse/test-kit/vitest-long';
import short from './vitest.config.ts';

/** What is measured by the clock: nothing else may run meanwhile. */
export default long(short);
