import { writeDays } from '../calendar/dates.ts';
import { workingDays } from '../calendar/working-days.ts';
import { type Leave, leaveKinds, leaveStates } from './leave.ts';

/** Leave as pages show it. */
export interface PresentedLeave extends Omit<Leave, 'kind' | 'state' | 'from' | 'to'> {
  kind: string;
  days: string;
  workingDays: number;
  state: { title: string; tone: string };
  personName: string;
}

/** @param names by the id of the person */
export const presentLeave = (leave: Leave, names: Map<string, string>): PresentedLeave => ({
  ...leave,
  kind: leaveKinds[leave.kind].title,
  days: writeDays(leave),
  workingDays: workingDays(leave),
  state: leaveStates[leave.state],
  personName: names.get(leave.personId) ?? '',
});
