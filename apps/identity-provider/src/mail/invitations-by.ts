import type { Invitation } from '@gatehouse/accounts';
import type { Postman } from '@gatehouse/mail';
import { translator } from '../languages/translate.ts';
import { invitationLetter } from './letters.ts';

/** Mails invitations. Without mail the link is what whoever invites hands over. */
export const invitationsBy =
  (post: Postman | undefined, issuer: string) =>
  (invitation: Invitation): string | undefined => {
    const letter = invitationLetter(translator('en'), invitation, issuer);
    if (!post) return letter.action?.url;
    post.post(letter);
    return undefined;
  };
