import { long } from '@gatehouse/test-kit/vitest-long';
import short from './vitest.config.ts';

/** What takes long: a million people. */
export default long(short);
