import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newApp } from './new-app.ts';
import { type TemporaryCheckout, temporaryCheckout } from './testing/temporary-checkout.ts';

describe('making an app', { timeout: 60_000 }, () => {
  let checkout: TemporaryCheckout;
  let said: string[];
  beforeEach(() => {
    checkout = temporaryCheckout();
    said = [];
  });
  afterEach(() => checkout.remove());

  const make = (changes: Partial<Parameters<typeof newApp>[0]>) =>
    newApp({
      wishes: { name: 'street-works', department: 'finance' },
      root: checkout.root,
      portBase: 40_000,
      dryRun: false,
      signal: new AbortController().signal,
      say: (line) => said.push(line),
      join: async () => false,
      ...changes,
    });
  const status = () => checkout.git('status', '--porcelain');

  it('shows what it would do, and does nothing, with --dry-run', async () => {
    await make({ dryRun: true });
    const shown = said.join('\n');
    expect(shown).toMatch(/Address +http:\/\/localhost:40006\n/);
    expect(shown).toMatch(/Open to +finance as reader\n/);
    expect(shown).toContain('apps/street-works/manifest.ts');
    expect(shown).toContain('docker-compose.yml');
    expect(status()).toBe('');
  });

  // Nothing can be installed in a checkout that has none of the packages.
  it('leaves the checkout as it was when the app cannot be installed', async () => {
    await expect(make({})).rejects.toMatchObject({ code: 'tool_failed' });
    expect(said.join('\n')).toContain('Installing');
    expect(status()).toBe('');
  });

  it('leaves the checkout as it was when it is interrupted', async () => {
    await expect(make({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'tool_failed' });
    expect(status()).toBe('');
  });
});
