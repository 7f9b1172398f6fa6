import { HttpError } from '@gatehouse/web';

/** For tickets that are not there and for those that are not theirs to see alike: nobody learns what exists. */
export const ticketNotFound = () =>
  new HttpError(404, 'ticket_not_found', 'There is no such ticket, or it is not yours to see.');

export const ticketNotYours = () => new HttpError(403, 'ticket_not_yours', 'This is not yours to do with this ticket.');

/** Of two people who act on a ticket at once, the second reads this. */
export const ticketMovedOn = () =>
  new HttpError(
    409,
    'ticket_moved_on',
    'Somebody took or changed this ticket just before you, so nothing was changed. You see how it stands now.',
  );
