import { expect, it } from 'vitest';
import { assetForm } from './asset.ts';

const valid = { tag: ' hc-0412 ', kind: 'laptop', model: 'Dell Latitude 7450', serialNumber: '' };

it('writes tags one way', () => {
  expect(assetForm.parse(valid)).toEqual({ ...valid, tag: 'HC-0412' });
});

it.each(['412', 'HC-41', 'HC-0412 OR 1=1', ''])('refuses %j as a tag', (tag) => {
  expect(assetForm.safeParse({ ...valid, tag }).error?.issues[0]?.path).toEqual(['tag']);
});
