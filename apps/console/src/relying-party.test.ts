import { describeRelyingParty } from '@gatehouse/test-kit/relying-party';
import { relyingParty } from '../testing/relying-party.ts';

describeRelyingParty(relyingParty);
