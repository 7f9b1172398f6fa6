import { z } from 'zod';
import type { Asset, AssetKind } from '../../prisma/generated/client.ts';

export type { Asset, AssetKind };

export const assetKinds = {
  laptop: 'Laptop',
  desktop: 'Desktop',
  monitor: 'Monitor',
  phone: 'Phone',
  printer: 'Printer',
  other: 'Something else',
} as const satisfies Record<AssetKind, string>;

export const assetForm = z.object({
  tag: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^HC-\d{4,6}$/, 'A tag is HC- and four to six digits, like HC-0412'),
  kind: z.enum(Object.keys(assetKinds) as [AssetKind], 'Choose a kind'),
  model: z.string().trim().min(1, 'Enter maker and model').max(80, 'Keep it below 80 characters'),
  serialNumber: z.string().trim().max(60, 'Keep it below 60 characters').default(''),
});

export type AssetForm = z.output<typeof assetForm>;

/**
 * `holder` is a name or login name, or empty for the store; `from` is who had the asset on the page, empty for nobody.
 */
export const assignmentForm = z.object({
  holder: z.string().trim().max(100, 'This is no name'),
  from: z.union([z.literal(''), z.uuid()]).transform((id) => (id === '' ? null : id)),
});
