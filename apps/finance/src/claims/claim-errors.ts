import { HttpError } from '@gatehouse/web';

/** For claims that are not there and for those that are not theirs to see alike: nobody learns what exists. */
export const claimNotFound = () =>
  new HttpError(404, 'claim_not_found', 'There is no such claim, or it is not yours to see.');

export const claimNotYours = () =>
  new HttpError(
    403,
    'claim_not_yours',
    'This is not yours to do with this claim. Nobody approves or pays a claim of their own.',
  );

/** Of two people who act on a claim at once, the second reads this. */
export const claimMovedOn = () =>
  new HttpError(
    409,
    'claim_moved_on',
    'Somebody changed this claim just before you, so nothing was changed. Open it again to see how it stands.',
  );
