import { describe, expect, it } from 'vitest';
import { leaveForm } from './leave-form.ts';

const form = leaveForm(Temporal.PlainDate.from('2026-11-24'));
const valid = { kind: 'annual', from: '2026-12-21', to: '2026-12-23', note: '  ' };

const faults = (input: Record<string, string>) =>
  Object.fromEntries(form.safeParse(input).error?.issues.map(({ path, message }) => [path[0], message]) ?? []);

describe('a leave request', () => {
  it('becomes calendar days and a trimmed note', () => {
    expect(form.parse(valid)).toEqual({
      kind: 'annual',
      from: Temporal.PlainDate.from('2026-12-21'),
      to: Temporal.PlainDate.from('2026-12-23'),
      note: '',
    });
  });

  it('names each missing field', () => {
    expect(faults({ kind: '', from: '', to: '', note: '' })).toEqual({
      kind: 'Choose the kind of leave',
      from: 'Enter the first day of leave',
      to: 'Enter the last day of leave',
    });
  });

  it.each([
    ['a last day before the first', { to: '2026-12-18' }, { to: 'The last day comes before the first day' }],
    ['a day that does not exist', { to: '2027-02-30' }, { to: 'Enter the last day of leave' }],
    ['a year or more', { to: '2027-12-21' }, { to: 'Leave of a year or more is arranged with Human Resources' }],
    ['a weekend', { from: '2026-12-19', to: '2026-12-20' }, { to: 'There is no working day between these dates' }],
    ['annual leave in the past', { from: '2026-11-23' }, { from: 'Annual leave cannot begin in the past' }],
    ['special leave without a reason', { kind: 'special' }, { note: 'Say what the special leave is for' }],
  ])('refuses %s', (_, change, expected) => {
    expect(faults({ ...valid, ...change })).toEqual(expected);
  });

  it('takes sickness after the event, and leave from today', () => {
    expect(faults({ ...valid, kind: 'sickness', from: '2026-11-02', to: '2026-11-03' })).toEqual({});
    expect(faults({ ...valid, from: '2026-11-24', to: '2026-11-24' })).toEqual({});
  });
});
