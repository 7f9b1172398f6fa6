import { long } from '@gatehouse/test-kit/vitest-long';
import short from './vitest.config.ts';

/** What takes long: instances in processes of their own, ended and started one after the other. */
export default long(short);
