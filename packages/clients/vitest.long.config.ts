import { long } from '@gatehouse/test-kit/vitest-long';
import short from './vitest.config.ts';

/** What takes long: a process for each command. */
export default long(short);
