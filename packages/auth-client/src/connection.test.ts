import { createBrowser } from '@gatehouse/test-kit/browser';
import { createTestProvider, type TestProvider } from '@gatehouse/test-kit/provider';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createConnection } from './connection.ts';
import { createTestApp, type TestApp } from './test-app.ts';

describe('a provider that is down', () => {
  let provider: TestProvider;
  let app: TestApp;

  beforeEach(async () => {
    provider = await createTestProvider({ person: { sub: 'person-1' } });
    await provider.stop();
    app = await createTestApp(provider);
    return async () => {
      await app.close();
      await provider.close();
    };
  });

  it('C28 S50 lets the app start, answers a login with 503 and Retry-After, and heals by itself', async () => {
    const answer = await createBrowser().visit(`${app.url}/pages/claims`);
    expect(answer.status).toBe(503);
    expect(answer.json()).toEqual({
      error: 'provider_unreachable',
      login_url: '/auth/login?return_to=%2Fpages%2Fclaims',
    });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);

    await provider.start();
    await vi.waitFor(async () => expect((await createBrowser().visit(app.url)).status).toBe(200), { timeout: 20_000 });
  });

  it('F30 keeps people signed in who already are', async () => {
    await provider.start();
    const browser = createBrowser();
    await vi.waitFor(async () => expect((await browser.visit(app.url)).status).toBe(200), { timeout: 20_000 });
    await provider.stop();
    expect((await browser.visit(app.url)).status).toBe(200);
  });
});

describe('createConnection', () => {
  it('connects once however many ask', async () => {
    const connect = vi.fn(async () => 'connected');
    const connection = createConnection(connect);
    expect(await Promise.all([connection(), connection(), connection()])).toEqual(Array(3).fill('connected'));
    expect(connect).toHaveBeenCalledOnce();
  });

  it('F04 pauses after a failure, longer each time, and refuses at once meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const connect = vi.fn(async (): Promise<string> => Promise.reject(new Error('down')));
    const connection = createConnection(connect);
    await expect(connection()).rejects.toMatchObject({ code: 'provider_unreachable' });
    await expect(connection()).rejects.toMatchObject({ code: 'provider_unreachable' });
    expect(connect).toHaveBeenCalledTimes(1);

    for (const pause of [500, 1000, 2000, 4000, 8000, 10_000, 10_000]) {
      vi.setSystemTime(Date.now() + pause);
      await expect(connection()).rejects.toMatchObject({ headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
    }
    expect(connect).toHaveBeenCalledTimes(8);
    vi.setSystemTime(Date.now() + 10_000);
    connect.mockResolvedValueOnce('connected');
    await expect(connection()).resolves.toBe('connected');
    vi.useRealTimers();
  });
});
