import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from './browser.ts';

describe('findBrowser', () => {
  let folder: string;
  let chromium: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse browser '));
    chromium = join(folder, 'chromium');
    writeFileSync(chromium, '');
    chmodSync(chromium, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds a browser on PATH', () => {
    expect(findBrowser({ PATH: `/no/such/folder:${folder}` })).toBe(chromium);
  });

  it('takes the one that CHROMIUM_PATH names, and refuses one that is not there', () => {
    expect(findBrowser({ PATH: '', CHROMIUM_PATH: chromium })).toBe(chromium);
    expect(() => findBrowser({ PATH: folder, CHROMIUM_PATH: '/no/browser' })).toThrow(
      'CHROMIUM_PATH names /no/browser, which is not there.',
    );
  });
});
