import { describe, expect, it } from 'vitest';
import { commentForm, queueFilter, ticketForm } from './ticket-form.ts';

describe('a new ticket', () => {
  const valid = { title: ' No network ', description: 'Since this morning.', priority: 'high', assetId: '' };

  it('is trimmed, with or without a thing it is about', () => {
    expect(ticketForm.parse(valid)).toEqual({ ...valid, title: 'No network', assetId: null });
    expect(ticketForm.parse({ ...valid, assetId: '7' }).assetId).toBe(7);
  });

  it('names every field that is missing', () => {
    const { error } = ticketForm.safeParse({ title: ' ', description: '', priority: 'now', assetId: 'all' });
    expect(error?.issues.map(({ path, message }) => [path[0], message])).toEqual([
      ['title', 'Say in a few words what is wrong'],
      ['description', 'Describe what happens, and what should happen'],
      ['priority', 'Choose how urgent it is'],
      ['assetId', 'Choose one of your things'],
    ]);
  });
});

it('keeps a comment public unless it is ticked', () => {
  expect(commentForm.parse({ body: 'On my way' })).toEqual({ body: 'On my way', internal: false });
  expect(commentForm.parse({ body: 'Again him', internal: 'yes' }).internal).toBe(true);
});

it('leaves out filters that it does not know', () => {
  expect(queueFilter.parse({})).toEqual({ state: 'unresolved', priority: undefined, mine: false, page: 1 });
  expect(queueFilter.parse({ state: 'resolved', priority: 'urgent', mine: 'yes', page: '3' })).toEqual({
    state: 'resolved',
    priority: 'urgent',
    mine: true,
    page: 3,
  });
  expect(queueFilter.parse({ state: ['a', 'b'], priority: '1 OR 1=1', mine: 'no', page: '-1' })).toEqual({
    state: 'unresolved',
    priority: undefined,
    mine: false,
    page: 1,
  });
});
