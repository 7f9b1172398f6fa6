import { findNames } from '@gatehouse/directory';
import type { Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import type { Deps, Role } from '../deps.ts';
import { actorOf } from './actor.ts';
import type { Claim, ClaimState } from './claim.ts';
import { listClaims } from './claim-queries.ts';
import { formatMoney } from './money.ts';
import { presentClaim } from './present-claim.ts';

/** The front page: what waits for this person, and their own claims. */
export function homeRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const home: RequestHandler = async (req, res) => {
    const { personId, claimant, approver, clerk } = actorOf(req);
    if (!claimant) return res.redirect('/claims/all');
    const others = { claimantId: { not: personId } };
    const [own, toDecide, toPay] = await Promise.all([
      listClaims(prisma, { claimantId: personId }),
      listClaims(prisma, { ...others, state: 'submitted', ...(!approver && { approverId: personId }) }),
      clerk ? listClaims(prisma, { ...others, state: 'approved' }) : [],
    ]);
    const names = await findNames(
      pool,
      [...toDecide, ...toPay].map(({ claimantId }) => claimantId),
    );
    const present = (claims: typeof own) => claims.map((claim) => presentClaim(claim, names));
    res.render('claims/home', {
      own: present(own),
      toDecide: present(toDecide),
      toPay: present(toPay),
      sums: {
        draft: sumOf(own, 'draft'),
        submitted: sumOf(own, 'submitted'),
        approved: sumOf(own, 'approved'),
        paid: sumOf(own, 'paid'),
      },
    });
  };

  return [{ method: 'get', path: '/', allow: 'anyone', handler: home }];
}

const sumOf = (claims: Claim[], wanted: ClaimState): string =>
  formatMoney(claims.reduce((sum, { state, amount }) => (state === wanted ? sum + amount : sum), 0));
