import { demoPassword } from '@gatehouse/prisma/seed';
import { createBrowser } from '@gatehouse/test-kit/browser';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { openApp, org, signIn, signInTo, urlOf } from '../support/people.ts';
import { kill, occupyPort, pidOf, untilReady } from '../support/processes.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe('the identity provider', () => {
  it('F01 is killed between code and token: the person can always finish', async () => {
    const http = createBrowser();
    const page = await http.visit(`${urlOf('finance')}/`);
    const [, action = '', token = ''] =
      page.body.match(/action="([^"]+\/sign-in\?[^"]+)"[^]*?name="_csrf" value="([^"]+)"/) ?? [];
    const form = { _csrf: token, login: 'tomas.reyes', password: demoPassword };
    let step = await http.submit(new URL(action, page.url).href, form, { follow: false });
    const next = () => new URL(step.headers.location ?? '', step.url).href;
    while (!next().startsWith(`${urlOf('finance')}/auth/callback`)) step = await http.visit(next(), { follow: false });
    const callback = next();

    kill('identity-provider');
    const interrupted = await http.visit(callback);
    expect(interrupted.body).not.toMatch(/at .*\.[jt]s:\d+/);
    await untilReady(org.issuer);
    const again = await http.visit(`${urlOf('finance')}/`);
    expect(again.url).toBe(`${urlOf('finance')}/`);
    expect(again.body).toContain('Tomas Reyes');
  });

  it('C28 D14 F30 is away: who is in works on, an app even starts, new people are told to wait, and all heals', async () => {
    const inside = await openWindow(browser);
    await signInTo(inside, 'finance', 'grace.lindqvist');

    const occupied = (async () => {
      kill('identity-provider');
      return occupyPort(org.issuer);
    })();
    const giveBack = await occupied;
    try {
      const before = pidOf('service-desk');
      kill('service-desk');
      await untilReady(urlOf('service-desk'));
      expect(pidOf('service-desk')).not.toBe(before);

      expect((await inside.reload())?.status()).toBe(200);
      const outside = await openWindow(browser);
      const response = await outside.goto(`${urlOf('service-desk')}/`);
      expect(response?.status()).toBe(503);
      expect(await outside.locator('main').textContent()).toMatch(/sign/i);
    } finally {
      await giveBack();
    }
    await untilReady(org.issuer);
    const page = await openWindow(browser);
    await openApp(page, 'service-desk');
    await signIn(page, 'dev.patel');
    await page.waitForURL(`${urlOf('service-desk')}/`);
    expect((await inside.goto(`${urlOf('human-resources')}/`))?.status()).toBe(200);
  });
});
