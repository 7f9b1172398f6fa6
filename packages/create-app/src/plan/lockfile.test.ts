import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { withImporter, withoutImporter } from './lockfile.ts';

const lockfile = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'pnpm-lock.yaml'), 'utf8');

it.each(['aaa', 'grants', 'zoo'])(
  'locks %s as the template is locked, in order, and takes it out without a trace',
  (name) => {
    const changed = withImporter(lockfile, name);
    const { importers } = parse(changed);
    expect(importers[`apps/${name}`]).toEqual(importers['apps/template']);
    expect(Object.keys(importers)).toEqual(Object.keys(importers).toSorted());
    expect(withoutImporter(changed, name)).toBe(lockfile);
  },
);
