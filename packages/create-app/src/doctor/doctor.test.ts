import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase } from '@gatehouse/launcher/ports';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type EditableCheckout, editableCheckout } from '../testing/editable-checkout.ts';
import { checkCookies, checkProcess } from './check-process.ts';
import { checkProvider } from './check-provider.ts';
import { checkSecrets, readSecrets } from './check-secrets.ts';
import { examine } from './examine.ts';

/** A program on a port of this machine. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const nowhere = async (): Promise<string> => {
  const server = createNetServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
};

describe('the identity provider', () => {
  const provider = async (announced?: string, seconds = 0) => {
    const url: string = await serve((_, res) => {
      res.setHeader('date', new Date(Date.now() + seconds * 1000).toUTCString());
      res.end(JSON.stringify({ issuer: announced ?? url }));
    });
    return url;
  };

  it('is well where it answers as itself and its clock is ours', async () => {
    expect(await checkProvider(await provider())).toEqual([]);
    expect(await checkProvider(await provider(undefined, 20))).toEqual([]);
  });

  it('is at fault where it does not answer', async () => {
    const [finding] = await checkProvider(await nowhere());
    expect(finding).toMatchObject({ check: 'issuer', cause: expect.stringMatching(/does not answer.*ECONNREFUSED/) });
  });

  it('is at fault where it calls itself something else, or is something else', async () => {
    const [other] = await checkProvider(await provider('http://other'));
    expect(other).toMatchObject({ check: 'issuer', cause: expect.stringContaining('calls itself http://other') });
    const [page] = await checkProvider(await serve((_, res) => void res.end('<h1>Hello</h1>')));
    expect(page).toMatchObject({ check: 'issuer', cause: expect.stringContaining('is not an identity provider') });
  });

  it.each([
    [90, /90 s ahead of|89 s ahead of/],
    [-90, /9[01] s behind/],
  ])('is at fault where its clock is %i s from ours', async (seconds, cause) => {
    const [finding] = await checkProvider(await provider(undefined, seconds));
    expect(finding).toMatchObject({ check: 'clock', cause: expect.stringMatching(cause) });
    expect(finding?.mend).toContain('timedatectl');
  });
});

describe('an app that runs', () => {
  const issuer = 'http://issuer.test';
  const app = (options: { issuer?: string; clientId?: string; ready?: number; cookie?: string } = {}) =>
    serve((req, res) => {
      const { clientId = 'grants', ready = 200, cookie = `gatehouse.${clientId}` } = options;
      if (req.url === '/auth/login') {
        res.setHeader('set-cookie', `${cookie}.login-0123456789abcdef=x; HttpOnly`);
        return res.writeHead(303, { location: `${options.issuer ?? issuer}/auth?client_id=${clientId}` }).end();
      }
      res.writeHead(req.url === '/readyz' ? ready : 200).end(JSON.stringify({ reason: 'ECONNREFUSED' }));
    });
  const check = async (url: string) => (await checkProcess({ clientId: 'grants', url }, issuer)).findings;

  it('is well where it begins a sign-in at the issuer', async () => {
    expect(await checkProcess({ clientId: 'grants', url: await app() }, issuer)).toEqual({
      findings: [],
      cookie: 'gatehouse.grants',
    });
  });

  it('is at fault where nothing answers', async () => {
    const [finding] = await check(await nowhere());
    expect(finding).toMatchObject({ check: 'process', cause: expect.stringContaining('nothing answers') });
    expect(finding?.mend).toContain('.local/log/grants.log');
  });

  it('is at fault where another program or another app has its port', async () => {
    const [stranger] = await check(await serve((_, res) => void res.writeHead(404).end()));
    expect(stranger).toMatchObject({ check: 'port', cause: expect.stringContaining('another program answers') });
    const [other] = await check(await app({ clientId: 'finance' }));
    expect(other).toMatchObject({ check: 'port', cause: expect.stringMatching(/the app at .* is finance/) });
  });

  it('is at fault where it is not ready, and says why', async () => {
    const [finding] = await check(await app({ ready: 503 }));
    expect(finding).toMatchObject({ check: 'process', cause: expect.stringContaining('not ready: ECONNREFUSED') });
  });

  it('is at fault where it knows another issuer', async () => {
    const [finding] = await check(await app({ issuer: 'http://old.test' }));
    expect(finding).toMatchObject({ check: 'issuer', cause: expect.stringContaining('http://old.test') });
  });

  it('is at fault where another app’s cookie has the same name', () => {
    const probe = (cookie: string) => ({ findings: [], cookie });
    const own = checkCookies(
      new Map([
        ['grants', probe('gatehouse.grants')],
        ['finance', probe('gatehouse.finance')],
      ]),
    );
    expect([...own.values()].flat()).toEqual([]);
    const shared = checkCookies(
      new Map([
        ['grants', probe('sid')],
        ['finance', probe('sid')],
      ]),
    );
    expect(shared.get('grants')).toMatchObject([{ check: 'cookie', cause: 'its cookie sid is also that of finance' }]);
  });
});

describe('secrets', () => {
  const secret = 'A'.repeat(43);
  const own = { client_secret: secret, session_key: secret, database_password: secret };

  it.each([
    ['has no secrets of it', undefined],
    ['its session_key in .local/secrets.json is missing', { ...own, session_key: '' }],
    ['its client_secret in .local/secrets.json is not 32 bytes', { ...own, client_secret: 'changeme' }],
  ])('are at fault: %s', (cause, broken) => {
    expect(checkSecrets(own, 'npm start')).toEqual([]);
    expect(checkSecrets(broken, 'npm start')).toMatchObject([
      { check: 'secrets', cause: expect.stringContaining(cause), mend: 'npm start' },
    ]);
  });

  it('are at fault where their file cannot be read, and not before the first start', () => {
    const local = mkdtempSync(join(tmpdir(), 'gatehouse doctor '));
    onTestFinished(() => rmSync(local, { recursive: true }));
    expect(readSecrets(local)).toEqual({ findings: [] });
    writeFileSync(join(local, 'secrets.json'), JSON.stringify({ apps: { grants: own } }));
    expect(readSecrets(local)).toEqual({ secrets: { grants: own }, findings: [] });
    writeFileSync(join(local, 'secrets.json'), '{ "apps": ');
    expect(readSecrets(local).findings).toMatchObject([{ cause: expect.stringContaining('cannot be read') }]);
  });
});

describe('a checkout', { timeout: 60_000 }, () => {
  let checkout: EditableCheckout;
  let portBase: number;
  let local: string;
  beforeAll(async () => {
    checkout = editableCheckout();
    await checkout.makeApp('grants');
    portBase = await freePortBase();
    local = join(checkout.root, '.local');
  });
  afterEach(() => rmSync(local, { recursive: true, force: true }));
  afterAll(() => checkout.dispose());

  const findingsOf = async (name: string) => {
    const { apps } = await examine({ root: checkout.root, local, portBase });
    return apps.find((app) => app.name === name)?.findings;
  };

  it('is well as it was made', async () => {
    const { issuer, findings, apps } = await examine({ root: checkout.root, local, portBase });
    expect({ issuer, findings }).toEqual({ issuer: undefined, findings: [] });
    expect(apps.filter((app) => app.findings.length)).toEqual([]);
    expect(apps.find(({ name }) => name === 'grants')?.template).toMatchObject({ version: 1 });
  });

  it('does not run because a killed launcher left its record', async () => {
    checkout.write('../.local/org.json', JSON.stringify({ issuer: 'http://localhost:1', apps: [] }));
    const gone = { name: 'launcher', pid: 2 ** 22 + 1, start: '1' };
    checkout.write('../.local/run.json', JSON.stringify({ launcher: gone, starters: [], children: [] }));
    expect(await examine({ root: checkout.root, local, portBase })).toMatchObject({ issuer: undefined, findings: [] });
  });

  it('is at fault where a stranger has the port of an app', async () => {
    const { default: manifest } = await import(checkout.at('grants/manifest.ts'));
    const stranger = createNetServer().listen(portBase + manifest.portOffset, '127.0.0.1');
    await once(stranger, 'listening');
    onTestFinished(() => void stranger.close());
    expect(await findingsOf('grants')).toMatchObject([
      { check: 'port', cause: expect.stringContaining('is taken'), mend: expect.stringContaining('PORT_BASE') },
    ]);
    expect(await findingsOf('finance')).toEqual([]);
  });

  it('is at fault where two apps have one place among the ports, or one name', async () => {
    checkout.write('copy/package.json', '{ "name": "@gatehouse/copy" }');
    checkout.write('copy/manifest.ts', checkout.read('grants/manifest.ts'));
    onTestFinished(() => checkout.remove('copy'));
    expect(await findingsOf('copy')).toMatchObject([
      { check: 'port', cause: expect.stringContaining('is also that of grants') },
      { check: 'cookie', cause: expect.stringContaining('the cookie gatehouse.grants') },
    ]);
  });
});
