import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryCheckout } from '../testing/temporary-checkout.ts';
import { runningFaults } from './running-faults.ts';
import { templateLag } from './template-lag.ts';

it('C38 says how far behind the template an app is, and which security fixes it lacks', { timeout: 60_000 }, () => {
  const { root, git, remove } = temporaryCheckout();
  try {
    const made = git('rev-parse', 'HEAD').trim();
    expect(templateLag(root, made)).toEqual({ behind: [], security: [] });
    for (const message of ['feat: more', 'fix(security): escape', 'fix: header\n\nSecurity: it leaked']) {
      appendFileSync(join(root, 'apps/template/src/config.ts'), '// more\n');
      git('commit', '--quiet', '--all', `--message=${message}`);
    }
    const { behind, security } = templateLag(root, made);
    expect(behind).toHaveLength(3);
    expect(security).toEqual([expect.stringContaining('fix: header'), expect.stringContaining('fix(security)')]);
  } finally {
    remove();
  }
});

it('names the cause of what is wrong with an app that runs, and nothing where all is well', async () => {
  let announced = '';
  let policy = '';
  const server = createServer((_, res) => {
    res.setHeader('content-security-policy', policy).end(JSON.stringify({ issuer: announced }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    announced = url;
    policy = `default-src 'none';form-action 'self' ${url};base-uri 'none'`;
    expect(await runningFaults({ url, issuer: url })).toEqual([]);
    announced = 'http://other';
    policy = "form-action 'self'";
    const faults = await runningFaults({ url, issuer: url });
    expect(faults.join('\n')).toMatch(/issuer: .*announces itself as http:\/\/other[^]*CSP: /);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect((await runningFaults({ url, issuer: url })).join('\n')).toMatch(/does not answer[^]*port: nothing/);
});
