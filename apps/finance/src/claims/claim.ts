import type { Claim, ClaimCategory, ClaimState } from '../../prisma/generated/client.ts';

export type { Claim, ClaimCategory, ClaimState };

export const categories = {
  travel: 'Travel',
  accommodation: 'Accommodation',
  meals: 'Meals',
  equipment: 'Equipment',
  training: 'Training',
  other: 'Something else',
} as const satisfies Record<ClaimCategory, string>;

/** `tone` is the colour of its badge. */
export const states = {
  draft: { title: 'Draft', tone: 'neutral' },
  submitted: { title: 'To approve', tone: 'warn' },
  approved: { title: 'To pay', tone: 'info' },
  refused: { title: 'Refused', tone: 'bad' },
  paid: { title: 'Paid', tone: 'good' },
} as const satisfies Record<ClaimState, { title: string; tone: string }>;

/** Someone at work in Finance. */
export interface Actor {
  personId: string;
  claimant: boolean;
  approver: boolean;
  clerk: boolean;
  auditor: boolean;
}

/** The parts of a claim that decide who may do what with it. */
export type ClaimStanding = Pick<Claim, 'state' | 'claimantId' | 'approverId'>;

const isOwn = (actor: Actor, claim: ClaimStanding) => claim.claimantId === actor.personId;

/** Drafts are private. Everything else is seen by those who have a part in it, and by auditors. */
export const maySee = (actor: Actor, claim: ClaimStanding): boolean =>
  isOwn(actor, claim) ||
  (claim.state !== 'draft' && (actor.approver || actor.clerk || actor.auditor || claim.approverId === actor.personId));

/** A draft, or a refused claim to put right. */
export const mayEdit = (actor: Actor, claim: ClaimStanding): boolean =>
  actor.claimant && isOwn(actor, claim) && (claim.state === 'draft' || claim.state === 'refused');

export const mayDelete = (actor: Actor, claim: ClaimStanding): boolean =>
  mayEdit(actor, claim) && claim.state === 'draft';

/** The manager whom it was sent to or any approver decides, and nobody on their own. */
export const isDecider = (actor: Actor, claim: ClaimStanding): boolean =>
  !isOwn(actor, claim) && (actor.approver || claim.approverId === actor.personId);

export const mayDecide = (actor: Actor, claim: ClaimStanding): boolean =>
  claim.state === 'submitted' && isDecider(actor, claim);

/** Clerks pay, and not their own. */
export const isPayer = (actor: Actor, claim: ClaimStanding): boolean => actor.clerk && !isOwn(actor, claim);

export const mayPay = (actor: Actor, claim: ClaimStanding): boolean =>
  claim.state === 'approved' && isPayer(actor, claim);

/** From this amount on, in pence, a claim needs a receipt to be submitted. */
export const receiptNeededFrom = 1000;
