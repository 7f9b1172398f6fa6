import { dayField } from '@gatehouse/web';
import { z } from 'zod';
import { workingDays } from '../calendar/working-days.ts';
import { holdingStates, type Leave, leaveKinds } from './leave.ts';

const LONGEST_LEAVE = { years: 1 };

const day = (message: string) => dayField(message).transform((text) => Temporal.PlainDate.from(text));

/** The form of a leave request. `today` is the organisation's. */
export const leaveForm = (today: Temporal.PlainDate) =>
  z
    .object({
      kind: z.enum(Object.keys(leaveKinds) as [Leave['kind']], 'Choose the kind of leave'),
      from: day('Enter the first day of leave'),
      to: day('Enter the last day of leave'),
      note: z.string().trim().max(500, 'Keep the note below 500 characters').default(''),
    })
    .superRefine(({ kind, from, to, note }, context) => {
      const fault = (path: 'from' | 'to' | 'note', message: string) =>
        context.addIssue({ code: 'custom', path: [path], message });

      if (Temporal.PlainDate.compare(to, from) < 0) return fault('to', 'The last day comes before the first day');
      if (Temporal.PlainDate.compare(to, from.add(LONGEST_LEAVE)) >= 0) {
        return fault('to', 'Leave of a year or more is arranged with Human Resources');
      }
      if (workingDays({ from, to }) === 0) fault('to', 'There is no working day between these dates');
      if (!leaveKinds[kind].afterwards && Temporal.PlainDate.compare(from, today) < 0) {
        fault('from', `${leaveKinds[kind].title} cannot begin in the past`);
      }
      if (kind === 'special' && note === '') fault('note', 'Say what the special leave is for');
    });

export type LeaveForm = z.output<ReturnType<typeof leaveForm>>;

/** The note on a decision. A refusal says why. */
export const approvalForm = z.object({
  note: z.string().trim().max(500, 'Keep the note below 500 characters').default(''),
});
export const refusalForm = z.object({
  note: z
    .string()
    .trim()
    .min(1, 'Say why, so that the person can plan again')
    .max(500, 'Keep the note below 500 characters'),
});

/** The state of the leave on the page on which somebody withdraws it. */
export const withdrawalForm = z.object({ state: z.enum(holdingStates) });
