import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installApp } from './apply/install-app.ts';
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
      portBase: 30_100,
      dryRun: false,
      say: (line) => said.push(line),
      install: async () => {},
      organisation: { join: async () => false, leave: async () => {} },
      ...changes,
    });
  const install = (signal: AbortSignal) => (name: string) => installApp(checkout.root, name, signal);
  const status = () => checkout.git('status', '--porcelain');

  it('shows what it would do, and does nothing, with --dry-run', async () => {
    await make({ dryRun: true });
    const shown = said.join('\n');
    expect(shown).toMatch(/Address +http:\/\/localhost:30106\n/);
    expect(shown).toMatch(/Open to +finance as reader\n/);
    expect(shown).toContain('apps/street-works/manifest.ts');
    expect(shown).toContain('docker-compose.yml');
    expect(status()).toBe('');
  });

  it('makes the app, without an organisation', async () => {
    expect(await make({})).toMatchObject({ isRunning: false, plan: { manifest: { clientId: 'street-works' } } });
    expect(status().split('\n').sort()).toEqual(
      ['', ' M docker-compose.yml', ' M pnpm-lock.yaml', '?? apps/street-works/'].sort(),
    );
  });

  describe('leaves the checkout as it was', () => {
    // Nothing can be installed in a checkout that has none of the packages.
    it('when it cannot be installed', async () => {
      await expect(make({ install: install(new AbortController().signal) })).rejects.toMatchObject({
        code: 'tool_failed',
      });
      expect(said.join('\n')).toContain('Installing');
      expect(status()).toBe('');
    });

    it('when it is interrupted', async () => {
      await expect(make({ install: install(AbortSignal.abort()) })).rejects.toMatchObject({ code: 'tool_failed' });
      expect(status()).toBe('');
    });

    it('when the organisation cannot take it in, which then forgets it', async () => {
      const left: string[] = [];
      const organisation = {
        join: () => Promise.reject(new Error('Port 30106 is in use')),
        leave: async (name: string) => void left.push(`${name}: ${status()}`),
      };
      await expect(make({ organisation })).rejects.toThrow('Port 30106 is in use');
      expect(left).toEqual(['street-works: ']);
      expect(status()).toBe('');
    });
  });
});
