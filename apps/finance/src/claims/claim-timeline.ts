import type { Claim } from './claim.ts';

export interface Moment {
  title: string;
  by: string | undefined;
  at: Date;
  text?: string;
  kind?: 'good' | 'bad';
}

/** What has happened to a claim, in order. After a refusal, putting it right begins the later part anew. */
export function claimTimeline(claim: Claim, names: Map<string, string>): Moment[] {
  const nameOf = (id: string | null) => names.get(id ?? '');
  const { approverId, decidedAt, decidedById, decisionNote } = claim;
  const moments: Moment[] = [{ title: 'Drafted', by: nameOf(claim.claimantId), at: claim.createdAt }];
  if (claim.submittedAt) {
    const text = approverId ? `Sent to ${nameOf(approverId)}` : 'Sent to the approvers in Finance';
    moments.push({ title: 'Submitted', by: nameOf(claim.claimantId), at: claim.submittedAt, text });
  }
  if (decidedAt) {
    const decision =
      claim.state === 'refused'
        ? ({ title: 'Refused', kind: 'bad' } as const)
        : ({ title: 'Approved', kind: 'good' } as const);
    moments.push({ ...decision, by: nameOf(decidedById), at: decidedAt, text: decisionNote });
  }
  if (claim.paidAt) moments.push({ title: 'Paid', by: nameOf(claim.paidById), at: claim.paidAt, kind: 'good' });
  return moments;
}
