import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadManifests } from '@gatehouse/provisioning';
import { describe, expect, it } from 'vitest';
import { hasCommitted } from '../checkout/git.ts';
import { madeApps, readKind, readRecord } from '../checkout/template-record.ts';
import { startingPoint } from '../plan/kind.ts';
import { driftOf, type ReadFile } from './drift.ts';
import { exceptions } from './exceptions.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const folder =
  (name: string): ReadFile =>
  (path) =>
    readFileSync(join(root, 'apps', name, path), 'utf8');
const template = folder('template');
const apps = (await loadManifests(root)).map(({ directory }) => basename(directory));
const made = madeApps(root);

/** An app that was made from the template is held to what it took of it: that it is behind is only a warning. */
function templateOf(name: string): ReadFile {
  if (!made.includes(name)) return template;
  const { commit } = readRecord(root, name);
  const known = hasCommitted(root, 'apps/template', commit) ? commit : 'HEAD';
  const begun = startingPoint(root, readKind(root, name), known);
  const files = new Map(begun.map((file) => [file.path, file.content]));
  return (path) => files.get(path)?.toString() ?? '';
}

describe('every app is composed as the template is', () => {
  it.each(apps)('C38 %s', (name) => {
    expect(driftOf(folder(name), templateOf(name), exceptions[name])).toEqual([]);
  });

  it('names exceptions for apps that are there', () => {
    expect(apps).toEqual(expect.arrayContaining(Object.keys(exceptions)));
  });
});

describe('drift', () => {
  const changed =
    (file: string, from: string, to: string): ReadFile =>
    (path) =>
      path === file ? template(path).replace(from, () => to) : template(path);

  it.each([
    ['src/server.ts', 'await serve(', 'app.listen(', 'different composition root: src/server.ts'],
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
    expect(driftOf(template, template)).toEqual([]);
    expect(driftOf(changed(file, from, to), template)).toContain(drift);
  });

  it('is also an exception that nothing needs', () => {
    const app = changed('package.json', '"zod"', '"left-pad"');
    const needed = { more: { 'left-pad': 'to pad' }, less: { zod: 'nothing is parsed' } };
    expect(driftOf(app, template, needed)).toEqual([]);
    expect(driftOf(template, template, needed)).toEqual([
      'exception that nothing needs: left-pad',
      'exception that nothing needs: zod',
    ]);
    const all = { composition: { bearer: 'an API' }, server: 'its own' };
    expect(driftOf(template, template, all)).toEqual([
      'exception that nothing needs: bearer',
      'exception that nothing needs: src/server.ts',
    ]);
  });
});
