import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { loadManifests } from '@gatehouse/provisioning';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { driftOf } from './drift.ts';
import { exceptions } from './exceptions.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const template = join(root, 'apps', 'template');
const apps = (await loadManifests(root)).map(({ directory }) => directory);

describe('every app is composed as the template is', () => {
  it.each(apps.map((directory) => [basename(directory), directory]))('C38 %s', (name, directory) => {
    expect(driftOf(directory, template, exceptions[name])).toEqual([]);
  });

  it('names no exception that is not needed', () => {
    for (const [name, { more = {}, less = {}, composition = {} }] of Object.entries(exceptions)) {
      const drift = driftOf(join(root, 'apps', name), template).join('\n');
      for (const what of Object.keys({ ...more, ...less, ...composition })) expect(drift, name).toContain(`: ${what}`);
    }
  });
});

describe('drift', () => {
  let app: string;
  beforeEach(() => {
    app = join(mkdtempSync(join(tmpdir(), 'gatehouse drift ')), 'app');
    for (const part of ['package.json', 'src/app.ts', 'src/server.ts']) cpSync(join(template, part), join(app, part));
  });
  afterEach(() => rmSync(join(app, '..'), { recursive: true }));
  const change = (file: string, from: string, to: string) =>
    writeFileSync(join(app, file), readFileSync(join(app, file), 'utf8').replace(from, to));

  it.each([
    ['src/server.ts', 'await serve(', 'app.listen(', 'src/server.ts is not the template’s'],
    ['package.json', '"zod"', '"left-pad"', 'missing dependency: zod'],
    ['package.json', '"zod"', '"left-pad"', 'additional dependency: left-pad'],
    ['package.json', 'vitest run', 'true', 'missing script: test: vitest run'],
    ['src/app.ts', 'createRelyingPartyApp,', 'createWebApp,', 'missing import of app.ts: createRelyingPartyApp'],
    [
      'src/app.ts',
      "import type { Express } from 'express'",
      "import express from 'express'",
      'additional import of app.ts: express',
    ],
  ])('is a change of %s from %j to %j', (file, from, to, drift) => {
    expect(driftOf(app, template)).toEqual([]);
    change(file, from, to);
    expect(driftOf(app, template)).toContain(drift);
  });
});
