import { describe, expect, it } from 'vitest';
import { type Leave, mayDecide, mayView, mayWithdraw, type Viewer } from './leave.ts';

const today = Temporal.PlainDate.from('2026-11-24');
const leave: Leave = {
  id: 1,
  personId: 'amira',
  kind: 'annual',
  from: today.add({ days: 1 }),
  to: today.add({ days: 3 }),
  note: '',
  state: 'requested',
  requestedAt: new Date(),
  decidedById: null,
  decidedAt: null,
  decisionNote: '',
};

const viewer = (personId: string, rights: Partial<Viewer> = {}): Viewer => ({
  personId,
  officer: false,
  auditor: false,
  reports: new Set(),
  ...rights,
});
const manager = viewer('ben', { reports: new Set(['amira']) });
const officer = viewer('olu', { officer: true });
const auditor = viewer('una', { auditor: true });
const colleague = viewer('cai');

describe('a leave request', () => {
  it('is seen by its person, their manager, officers and auditors', () => {
    expect([viewer('amira'), manager, officer, auditor].every((each) => mayView(each, leave))).toBe(true);
    expect(mayView(colleague, leave)).toBe(false);
  });

  it('is decided by the manager or an officer', () => {
    expect([manager, officer].every((each) => mayDecide(each, leave))).toBe(true);
    expect([auditor, colleague].some((each) => mayDecide(each, leave))).toBe(false);
  });

  it('is never decided by its own person, whatever else they are', () => {
    expect(mayDecide(viewer('amira', { officer: true, reports: new Set(['amira']) }), leave)).toBe(false);
  });

  it('is decided once', () => {
    expect(mayDecide(officer, { ...leave, state: 'approved' })).toBe(false);
  });

  it('is withdrawn by its person until approved leave has begun', () => {
    expect(mayWithdraw(viewer('amira'), leave, today)).toBe(true);
    expect(mayWithdraw(viewer('amira'), { ...leave, state: 'approved' }, today)).toBe(true);
    expect(mayWithdraw(viewer('amira'), { ...leave, state: 'approved' }, leave.from)).toBe(false);
    expect(mayWithdraw(officer, leave, today)).toBe(false);
  });
});
