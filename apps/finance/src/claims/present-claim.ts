import { type Claim, categories, states } from './claim.ts';
import type { ClaimWithReceipt } from './claim-queries.ts';
import { formatMoney } from './money.ts';

/** A claim as pages show it. */
export interface PresentedClaim extends Omit<ClaimWithReceipt, 'amount' | 'category' | 'state'> {
  amount: string;
  category: string;
  state: (typeof states)[Claim['state']];
  claimantName: string;
}

/** @param names by the id of the person */
export const presentClaim = (claim: ClaimWithReceipt, names: Map<string, string>): PresentedClaim => ({
  ...claim,
  amount: formatMoney(claim.amount),
  category: categories[claim.category],
  state: states[claim.state],
  claimantName: names.get(claim.claimantId) ?? '',
});
