import { long } from '@gatehouse/test-kit/vitest-long';
import short from './vitest.config.ts';

/** What runs the tests of every app. */
export default long(short);
