import { dayField } from '@gatehouse/web';
import type { Request } from 'express';
import { z } from 'zod';
import { type ClaimCategory, categories } from './claim.ts';
import { claimMovedOn } from './claim-errors.ts';
import { parseMoney } from './money.ts';

const LARGEST_AMOUNT = 1_000_000;
const OLDEST_SPENDING = { months: 12 };

const amount = z.string().transform((text, context) => {
  const pence = parseMoney(text);
  if (pence === undefined) context.addIssue({ code: 'custom', message: 'Enter the amount in pounds, like 24.50' });
  else if (pence === 0) context.addIssue({ code: 'custom', message: 'The amount is more than nothing' });
  else if (pence > LARGEST_AMOUNT) {
    context.addIssue({ code: 'custom', message: 'Claims of more than £10,000 go through procurement' });
  }
  return pence ?? z.NEVER;
});

const spentOn = (today: Temporal.PlainDate) =>
  dayField('Enter the day on which you spent it')
    .transform((text) => Temporal.PlainDate.from(text))
    .refine((day) => Temporal.PlainDate.compare(day, today) <= 0, 'This day has not come yet')
    .refine(
      (day) => Temporal.PlainDate.compare(day, today.subtract(OLDEST_SPENDING)) >= 0,
      'Spending can be claimed for twelve months',
    );

/** The form of a claim. `today` is the organisation's. */
export const claimForm = (today: Temporal.PlainDate) =>
  z.object({
    title: z.string().trim().min(1, 'Say what it was for').max(120, 'Keep it below 120 characters'),
    spentOn: spentOn(today),
    amount,
    category: z.enum(Object.keys(categories) as [ClaimCategory], 'Choose a category'),
    costCentre: z
      .string()
      .trim()
      .regex(/^\d{4}$/, 'A cost centre has four digits, like 4210'),
    note: z.string().trim().max(1000, 'Keep the note below 1,000 characters').default(''),
  });

export type ClaimForm = z.output<ReturnType<typeof claimForm>>;

const note = z.string().trim().max(500, 'Keep the note below 500 characters');

/** A decision on a claim. A refusal says why. */
export const approvalForm = z.object({ note: note.default('') });
export const refusalForm = z.object({ note: note.min(1, 'Say why, so that it can be put right') });

const shownRevision = z.object({ revision: z.coerce.number().int().positive() });

/**
 * The revision that was on the page, which every form of a claim carries: nobody acts on what they have not seen.
 * @throws HttpError 409 `claim_moved_on` where the page had none
 */
export function revisionOf(req: Request): number {
  const form = shownRevision.safeParse(req.body);
  if (!form.success) throw claimMovedOn();
  return form.data.revision;
}
