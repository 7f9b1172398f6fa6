import { describe, expect, it } from 'vitest';
import { claimForm } from './claim-form.ts';

const form = claimForm(Temporal.PlainDate.from('2026-11-24'));
const valid = {
  title: ' Train to Leeds ',
  spentOn: '2026-11-20',
  amount: '£84.30',
  category: 'travel',
  costCentre: '4210',
};

const faults = (change: Record<string, string>) =>
  Object.fromEntries(
    form.safeParse({ ...valid, ...change }).error?.issues.map(({ path, message }) => [path[0], message]) ?? [],
  );

describe('a claim', () => {
  it('becomes pence and a calendar day', () => {
    expect(form.parse(valid)).toEqual({
      title: 'Train to Leeds',
      spentOn: Temporal.PlainDate.from('2026-11-20'),
      amount: 8430,
      category: 'travel',
      costCentre: '4210',
      note: '',
    });
  });

  it('names every field that is missing', () => {
    expect(faults({ title: ' ', spentOn: '', amount: '', category: '', costCentre: '' })).toEqual({
      title: 'Say what it was for',
      spentOn: 'Enter the day on which you spent it',
      amount: 'Enter the amount in pounds, like 24.50',
      category: 'Choose a category',
      costCentre: 'A cost centre has four digits, like 4210',
    });
  });

  it.each([
    ['a day to come', { spentOn: '2026-11-25' }, { spentOn: 'This day has not come yet' }],
    ['spending of long ago', { spentOn: '2025-11-23' }, { spentOn: 'Spending can be claimed for twelve months' }],
    ['nothing', { amount: '0.00' }, { amount: 'The amount is more than nothing' }],
    ['a fortune', { amount: '10000.01' }, { amount: 'Claims of more than £10,000 go through procurement' }],
    ['an unknown category', { category: 'gifts' }, { category: 'Choose a category' }],
  ])('refuses %s', (_, change, expected) => {
    expect(faults(change)).toEqual(expected);
  });
});
