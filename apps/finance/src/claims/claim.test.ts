import { describe, expect, it } from 'vitest';
import type { Actor, ClaimStanding, ClaimState } from './claim.ts';
import { mayDecide, mayDelete, mayEdit, mayPay, maySee } from './claim.ts';

const actor = (personId: string, ...roles: ('claimant' | 'approver' | 'clerk' | 'auditor')[]): Actor => ({
  personId,
  claimant: roles.includes('claimant'),
  approver: roles.includes('approver'),
  clerk: roles.includes('clerk'),
  auditor: roles.includes('auditor'),
});

const amira = actor('amira', 'claimant');
const manager = actor('manager', 'claimant');
const approver = actor('approver', 'approver');
const clerk = actor('clerk', 'clerk');
const auditor = actor('auditor', 'auditor');
const colleague = actor('colleague', 'claimant');
const everyone = [amira, manager, approver, clerk, auditor, colleague];

const claim = (state: ClaimState): ClaimStanding => ({ state, claimantId: 'amira', approverId: 'manager' });
const allowed = (may: (actor: Actor, claim: ClaimStanding) => boolean, state: ClaimState) =>
  everyone.filter((each) => may(each, claim(state))).map(({ personId }) => personId);

describe('a claim', () => {
  it('is private as a draft, and seen by those with a part in it afterwards', () => {
    expect(allowed(maySee, 'draft')).toEqual(['amira']);
    expect(allowed(maySee, 'submitted')).toEqual(['amira', 'manager', 'approver', 'clerk', 'auditor']);
  });

  it('is edited by its claimant as a draft or when refused, and deleted as a draft', () => {
    expect(allowed(mayEdit, 'draft')).toEqual(['amira']);
    expect(allowed(mayEdit, 'refused')).toEqual(['amira']);
    expect(allowed(mayEdit, 'submitted')).toEqual([]);
    expect(allowed(mayDelete, 'draft')).toEqual(['amira']);
    expect(allowed(mayDelete, 'refused')).toEqual([]);
  });

  it('is decided by the manager or an approver while it waits', () => {
    expect(allowed(mayDecide, 'submitted')).toEqual(['manager', 'approver']);
    expect(allowed(mayDecide, 'draft')).toEqual([]);
    expect(allowed(mayDecide, 'approved')).toEqual([]);
  });

  it('is paid by a clerk once approved', () => {
    expect(allowed(mayPay, 'approved')).toEqual(['clerk']);
    expect(allowed(mayPay, 'submitted')).toEqual([]);
    expect(allowed(mayPay, 'paid')).toEqual([]);
  });

  it('is never decided or paid by its own claimant, whatever roles they hold', () => {
    const almighty = actor('amira', 'claimant', 'approver', 'clerk', 'auditor');
    expect(mayDecide(almighty, { ...claim('submitted'), approverId: 'amira' })).toBe(false);
    expect(mayPay(almighty, claim('approved'))).toBe(false);
  });

  it('is changed by nobody who only audits', () => {
    for (const state of ['draft', 'submitted', 'approved', 'refused', 'paid'] as const) {
      expect([mayEdit, mayDelete, mayDecide, mayPay].some((may) => may(auditor, claim(state)))).toBe(false);
    }
  });
});
