import { expect, it } from 'vitest';
import { formatColumns } from './columns.ts';

const plain = (text: string) => text;

it('aligns columns and wraps the last one under itself', () => {
  const rows = [
    ['Ada', 'clerk', 'pays claims that somebody approved'],
    ['Grace Lindqvist', 'head', 'approves'],
  ];
  expect(formatColumns(rows, [plain, plain, plain], 48, ['Name', 'Post', 'Note'])).toEqual([
    'Name             Post   Note',
    'Ada              clerk  pays claims that',
    '                        somebody approved',
    'Grace Lindqvist  head   approves',
  ]);
});
