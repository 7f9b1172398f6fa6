import { PrismaPg } from '@prisma/adapter-pg';
import { toColumn } from '../src/calendar/dates.ts';
import { workingDays } from '../src/calendar/working-days.ts';
import { type LeaveKind, type LeaveState, PrismaClient } from './generated/client.ts';

export interface SeedOptions {
  databaseUrl: string;
  /** The `sub` of a demo person by login name. */
  personId(login: string): Promise<string>;
}

const DAY = 24 * 60 * 60 * 1000;

/** Days from today after which leave begins (negative: has begun), and how many working days it lasts. */
const leave: {
  person: string;
  kind: LeaveKind;
  begins: number;
  lasts: number;
  state: LeaveState;
  note?: string;
  decidedBy?: string;
  reason?: string;
}[] = [
  { person: 'tomas.reyes', kind: 'annual', begins: -100, lasts: 12, state: 'approved', decidedBy: 'grace.lindqvist' },
  { person: 'tomas.reyes', kind: 'sickness', begins: -40, lasts: 2, state: 'approved', decidedBy: 'amelia.hart' },
  { person: 'tomas.reyes', kind: 'annual', begins: 28, lasts: 5, state: 'requested', note: 'Visiting family' },
  { person: 'zoe.hartley', kind: 'annual', begins: 10, lasts: 3, state: 'requested' },
  { person: 'adam.whitlock', kind: 'annual', begins: 6, lasts: 8, state: 'approved', decidedBy: 'grace.lindqvist' },
  { person: 'grace.lindqvist', kind: 'annual', begins: 35, lasts: 5, state: 'requested' },
  { person: 'amelia.hart', kind: 'annual', begins: -60, lasts: 5, state: 'approved', decidedBy: 'martha.quill' },
  { person: 'amelia.hart', kind: 'special', begins: 14, lasts: 1, state: 'requested', note: 'Jury service' },
  { person: 'dev.patel', kind: 'annual', begins: 20, lasts: 4, state: 'approved', decidedBy: 'ines.carvalho' },
  {
    person: 'dev.patel',
    kind: 'annual',
    begins: 3,
    lasts: 2,
    state: 'refused',
    decidedBy: 'ines.carvalho',
    reason: 'Three of us are away that week. The week after is fine.',
  },
  { person: 'holly.spencer', kind: 'annual', begins: 17, lasts: 3, state: 'requested' },
  { person: 'bilal.rahman', kind: 'annual', begins: 45, lasts: 12, state: 'requested', note: 'Wedding' },
];

/** Leave of Harbour Council's people, for a department that knows of none. */
export async function seed({ databaseUrl, personId }: SeedOptions): Promise<void> {
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: databaseUrl }, { schema: 'human_resources' }),
  });
  try {
    if ((await prisma.leaveRequest.count()) > 0) return;
    const inDays = (days: number) => new Date(Date.now() + days * DAY);
    const rows = await Promise.all(
      leave.map(async ({ person, begins, lasts, decidedBy, reason = '', ...rest }) => ({
        ...rest,
        personId: await personId(person),
        ...spanFrom(begins, lasts),
        requestedAt: inDays(Math.min(begins, 0) - 3),
        ...(decidedBy && {
          decidedById: await personId(decidedBy),
          decidedAt: inDays(Math.min(begins, 0) - 1),
          decisionNote: reason,
        }),
      })),
    );
    await prisma.leaveRequest.createMany({ data: rows });
  } finally {
    await prisma.$disconnect();
  }
}

/** The span of so many working days that begins on the first working day that many days from today or later. */
function spanFrom(days: number, lasts: number): { startsOn: Date; endsOn: Date } {
  let from = Temporal.Now.plainDateISO().add({ days });
  while (workingDays({ from, to: from }) === 0) from = from.add({ days: 1 });
  let to = from;
  while (workingDays({ from, to }) < lasts) to = to.add({ days: 1 });
  return { startsOn: toColumn(from), endsOn: toColumn(to) };
}
