import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePortBase } from '@gatehouse/launcher/ports';
import { demoPassword } from '@gatehouse/prisma/seed';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clone, cloneCheckout } from '../testing/clone.ts';
import { type Step, tutorialSteps, withChange } from './tutorial.ts';

const dev = 'pnpm dev';
const steps = tutorialSteps();
const titled = steps.map((step, index): [string, Step] => [`${index + 1}: ${titleOf(step)}`, step]);

function titleOf(step: Step): string {
  if (step.kind === 'commands' || step.kind === 'output') return `${step.kind} ${step.lines[0]}`;
  if (step.kind === 'change') return `change ${step.file}`;
  return `${step.login} ${step.presses ?? ''} ${step.isSeen ? 'sees' : 'does not see'} ${step.text}`;
}

/** A reader who does what the page says, in its order; each step begins where the last one ended. */
describe('C38 docs/your-first-app.md, followed line by line', () => {
  let clone: Clone;
  let output = '';
  const browsers = new Map<string, Browser>();
  beforeAll(async () => {
    clone = cloneCheckout(await freePortBase());
    clone.git('config', 'user.name', 'Reader');
    clone.git('config', 'user.email', 'reader@localhost');
  });
  afterAll(() => clone?.remove());

  it.each(titled)('%s', async (_, step) => {
    if (step.kind === 'commands') output = await runAll(step.lines);
    if (step.kind === 'output') for (const line of step.lines) expect(plain(output)).toContain(line);
    if (step.kind === 'change') {
      const file = join(clone.folder, step.file);
      writeFileSync(file, withChange(readFileSync(file, 'utf8'), step));
    }
    if (step.kind === 'visit') await visit(step);
  });

  /** `pnpm dev` is the one that goes on running. */
  async function runAll(lines: string[]): Promise<string> {
    if (lines.includes(dev)) {
      await clone.stop();
      await clone.start('dev');
      return '';
    }
    const { code, output: printed } = await clone.shell(lines.join('\n'));
    expect(code, printed).toBe(0);
    return printed;
  }

  /** An app that was changed just now may still be starting again: what is stated comes true within moments. */
  async function visit({ login, presses, sends, text, isSeen }: Extract<Step, { kind: 'visit' }>): Promise<void> {
    const url = clone.org().apps.find((app) => app.client_id === 'grants')?.url ?? expect.fail('it does not run');
    const browser = browsers.get(login) ?? createBrowser();
    browsers.set(login, browser);
    let page: Answer | undefined;
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(200)) {
      page = await open(browser, url, login).catch(() => undefined);
      const target = presses ? actionOf(page?.body ?? '', presses) : sends && '/notices';
      if (page && target) {
        const form = { _csrf: tokenIn(page.body), ...sends };
        page = await browser.submit(`${url}${target}`, form).catch(() => undefined);
      }
      const isDone = !presses || target !== undefined;
      const isPage = isSeen || page?.status === 200;
      if (isDone && isPage && page?.body.includes(text) === isSeen) return;
    }
    expect(page?.body ?? 'nothing').toContain(isSeen ? text : `a page without ${text}`);
  }

  /** The app's page, by way of the sign-in form where the browser is not signed in. */
  async function open(browser: Browser, url: string, login: string): Promise<Answer> {
    const page = await browser.visit(`${url}/`);
    const action = /<form[^>]*action="([^"]*\/sign-in\?[^"]*)"/.exec(page.body)?.[1];
    if (!action) return page;
    const form = { _csrf: tokenIn(page.body), login, password: demoPassword };
    return browser.submit(new URL(action, page.url).href, form);
  }
});

const tokenIn = (body: string) => /name="_csrf" value="([^"]*)"/.exec(body)?.[1] ?? '';

/** Where the form with this button goes. */
function actionOf(body: string, label: string): string | undefined {
  const forms = [...body.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([^]*?)<\/form>/g)];
  return forms.find(([, , inside = '']) => new RegExp(`<button[^>]*>${label}\\b`).test(inside))?.[1];
}

/** Without the escapes that colour it. */
// oxlint-disable-next-line no-control-regex -- that is what they are
const plain = (text: string) => text.replace(/\u001b\[[\d;]*m/g, '');
