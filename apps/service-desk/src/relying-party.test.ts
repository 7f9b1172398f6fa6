import { describeRelyingParty } from '@gatehouse/test-kit/relying-party';
import { relyingParty } from './testing.ts';

describeRelyingParty(relyingParty);
