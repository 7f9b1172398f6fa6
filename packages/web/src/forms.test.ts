import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseForm, requiredText } from './forms.ts';

const schema = z
  .object({ title: requiredText('Enter a title', 10), tags: z.array(z.string()).optional() })
  .refine(({ title }) => title !== 'x', 'This combination is not possible');

it('gives trimmed, typed data', () => {
  expect(parseForm(schema, { title: ' Taxi ', _csrf: 't' })).toEqual({ ok: true, data: { title: 'Taxi' } });
});

it('gives the first fault of each field, and what was typed without the token', () => {
  expect(parseForm(schema, { title: '', tags: ['a', 'b'], _csrf: 't' })).toEqual({
    ok: false,
    values: { title: '', tags: ['a', 'b'] },
    errors: { title: 'Enter a title' },
  });
  expect(parseForm(schema, { title: 'x'.repeat(11) })).toMatchObject({
    errors: { title: 'Use 10 characters or fewer' },
  });
  expect(parseForm(schema, { title: 'x' })).toMatchObject({ errors: { form: 'This combination is not possible' } });
});

it.each([undefined, {}, { title: ['a', 'b'] }, { title: { contains: '' } }])('S71c takes no %j for text', (body) => {
  expect(parseForm(schema, body)).toMatchObject({ ok: false, errors: { title: 'Enter a title' } });
});
