import { createPasswordHasher } from '@gatehouse/accounts';
import { demoPassword } from '@gatehouse/prisma/seed';
import { createBrowser } from '@gatehouse/test-kit/browser';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { submitSignIn } from '../support/http-sign-in.ts';
import { hopTo, openApp, signIn, urlOf } from '../support/people.ts';

const warmUps = 100;
const signIns = 40;
const limitMs = 150;

/** Brings the servers to the speed at which they run for hours. */
async function warmUp(): Promise<void> {
  for (let i = 0; i < warmUps; i++) {
    const http = createBrowser();
    const page = await http.visit(`${urlOf('finance')}/`);
    expect((await submitSignIn(http, page, 'tomas.reyes')).url).toBe(`${urlOf('finance')}/`);
    http.close();
  }
}

/** Milliseconds over every redirect: until the app's page is there, and until it is drawn. */
interface Times {
  arrived: number;
  drawn: number;
}

/** From the form's POST. */
async function signInTimes(page: Page): Promise<Times> {
  await page.context().clearCookies();
  await openApp(page, 'finance');
  // Nobody types so fast that the browser is still busy with the page.
  await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
  await signIn(page, 'tomas.reyes');
  return timesAt(page, 'finance');
}

/** The same from the click in the app switcher to the page of an app without a session yet. */
async function hopTimes(page: Page): Promise<Times> {
  await hopTo(page, 'service-desk');
  return timesAt(page, 'service-desk');
}

async function timesAt(page: Page, clientId: string): Promise<Times> {
  await page.waitForURL((url) => url.href === `${urlOf(clientId)}/`, { waitUntil: 'load' });
  return page.evaluate(`(({ navigationStart, responseEnd, loadEventEnd }) => ({
    arrived: responseEnd - navigationStart, drawn: loadEventEnd - navigationStart,
  }))(performance.timing)`);
}

/** Milliseconds that one password takes to check here, by the clock. */
async function hashTime(): Promise<number> {
  const hasher = createPasswordHasher();
  const stored = await hasher.hash(demoPassword);
  const times: number[] = [];
  for (let i = 0; i < signIns; i++) {
    const start = performance.now();
    await hasher.matches(stored, demoPassword);
    times.push(performance.now() - start);
  }
  return percentile(times, 50);
}

function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}

const arrivals = (times: Times[]) => times.map(({ arrived }) => arrived);

function summary(times: Times[]) {
  const drawn = times.map((time) => time.drawn);
  return {
    'there, median': percentile(arrivals(times), 50),
    'there, p95': percentile(arrivals(times), 95),
    'drawn, median': percentile(drawn, 50),
    'drawn, p95': percentile(drawn, 95),
  };
}

// By the clock, on a machine that may be busy with something else for a moment: the best of three.
it(`the app's page is there ${limitMs} ms after the password was checked, for 95 of 100 sign-ins`, {
  retry: 2,
}, async () => {
  await warmUp();
  const hash = await hashTime();
  const browser = await launchBrowser();
  const page = await openWindow(browser);
  await signInTimes(page);
  const times: Times[] = [];
  const hops: Times[] = [];
  while (times.length < signIns) {
    times.push(await signInTimes(page));
    hops.push(await hopTimes(page));
  }
  await browser.close();

  console.log(`In Chromium, milliseconds (hash ${hash.toFixed(0)}):`);
  console.table({ 'sign-in': summary(times), hop: summary(hops) });
  expect(percentile(arrivals(times), 95) - hash).toBeLessThanOrEqual(limitMs);
});
