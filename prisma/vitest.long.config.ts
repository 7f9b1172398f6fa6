import { long } from '@gatehouse/test-kit/vitest-long';
import short from './vitest.config.ts';

/** What takes long: the migrations of every app, each applied and compared. */
export default long(short);
