import type { LeaveKind, LeaveState } from '../../prisma/generated/client.ts';
import type { DateRange } from '../calendar/working-days.ts';

export interface Leave extends DateRange {
  id: number;
  personId: string;
  kind: LeaveKind;
  note: string;
  state: LeaveState;
  requestedAt: Date;
  decidedById: string | null;
  decidedAt: Date | null;
  decisionNote: string;
}

/** Whether a kind of leave is taken from the yearly entitlement, and whether it may be recorded after the event. */
export const leaveKinds = {
  annual: { title: 'Annual leave', counted: true, afterwards: false },
  sickness: { title: 'Sickness', counted: false, afterwards: true },
  special: { title: 'Special leave', counted: false, afterwards: true },
  unpaid: { title: 'Unpaid leave', counted: false, afterwards: false },
} as const satisfies Record<LeaveKind, { title: string; counted: boolean; afterwards: boolean }>;

/** `tone` is the colour of its badge. */
export const leaveStates = {
  requested: { title: 'Waiting', tone: 'warn' },
  approved: { title: 'Approved', tone: 'good' },
  refused: { title: 'Refused', tone: 'bad' },
  withdrawn: { title: 'Withdrawn', tone: 'neutral' },
} as const satisfies Record<LeaveState, { title: string; tone: string }>;

/** Leave in these states holds its days: nothing else may be requested over it. */
export const holdingStates = ['requested', 'approved'] as const satisfies LeaveState[];
export type HoldingState = (typeof holdingStates)[number];

/** Someone who looks at leave: their own, that of the people they manage, or, as officer or auditor, everyone's. */
export interface Viewer {
  personId: string;
  officer: boolean;
  auditor: boolean;
  /** Ids of the people whom they manage. */
  reports: ReadonlySet<string>;
}

export const mayViewLeaveOf = (viewer: Viewer, personId: string): boolean =>
  personId === viewer.personId || viewer.officer || viewer.auditor || viewer.reports.has(personId);

export const mayView = (viewer: Viewer, leave: Leave): boolean => mayViewLeaveOf(viewer, leave.personId);

/** The manager of the person or an officer decides, and nobody on their own. */
export const isDecider = (viewer: Viewer, leave: Leave): boolean =>
  leave.personId !== viewer.personId && (viewer.officer || viewer.reports.has(leave.personId));

export const mayDecide = (viewer: Viewer, leave: Leave): boolean =>
  leave.state === 'requested' && isDecider(viewer, leave);

/** People withdraw their own, until it has begun. */
export const mayWithdraw = (viewer: Viewer, leave: Leave, today: Temporal.PlainDate): boolean =>
  leave.personId === viewer.personId &&
  (leave.state === 'requested' || (leave.state === 'approved' && Temporal.PlainDate.compare(today, leave.from) < 0));
