import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import type { AdapterFactory, Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RelyingParty, relyingParty } from '../../../testing/relying-party.ts';
import { signIn } from '../../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../../testing/start-provider.ts';
import { StateAdapter } from '../storage/state-adapter.ts';

/** Our configuration with the library's own defaults where these attacks need them. */
const asItComes = ({ pkce: _, ...ours }: Configuration): Configuration => ({
  ...ours,
  adapter: withoutProofs(ours.adapter as AdapterFactory),
  allowOmittingSingleRegisteredRedirectUri: true,
  features: {
    ...ours.features,
    devInteractions: { enabled: true },
    introspection: { enabled: true },
  } as Configuration['features'],
});

/** Takes an answer to a sign-in page as the library does: whoever it names is signed in. */
const withoutProofs =
  (adapter: AdapterFactory): AdapterFactory =>
  (model) =>
    model === 'Interaction' ? new StateAdapter(model, db.owner) : adapter(model);

interface Scene {
  running: RunningProvider;
  finance: RelyingParty;
  /** Grace is signed in. */
  browser: Browser;
}

let db: TestDatabase;
let guarded: Scene;
let unguarded: Scene;
beforeAll(async () => {
  db = await createTestDatabase();
  guarded = await sceneOf(await startProvider({ db }));
  unguarded = await sceneOf(await startProvider({ db, configure: asItComes }));
});
afterAll(async () => {
  await unguarded.running.stop();
  await guarded.running.stop();
  await db.close();
});

async function sceneOf(running: RunningProvider): Promise<Scene> {
  const browser = createBrowser();
  await signIn(browser, running.issuer, 'grace.lindqvist');
  return { running, finance: relyingParty(running, 'finance', 4003), browser };
}

const attacks: [string, (scene: Scene) => Promise<boolean>][] = [
  ['S10 any name and any password signs in', typesAnything],
  [
    'S04 a client with a secret gets a code without PKCE',
    getsCode({ code_challenge: undefined, code_challenge_method: undefined }),
  ],
  ['S03 a request without redirect_uri gets a code', getsCode({ redirect_uri: undefined })],
  ['S68 one app is told about another’s token', readsForeignToken],
];

describe('duty 10 what the library leaves open by default is closed', () => {
  it.each(attacks)('%s: not with the guard', async (_, succeeds) => {
    expect(await succeeds(guarded)).toBe(false);
  });

  it.each(attacks)('%s: without it, as the library comes', async (_, succeeds) => {
    expect(await succeeds(unguarded)).toBe(true);
  });
});

/** Types a name and no password into the library's sign-in page for development, which it has below `/interaction`. */
async function typesAnything({ running, finance }: Scene): Promise<boolean> {
  const library = running.provider.callback();
  const server = createServer((req, res) => void library(req, res));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const at = (path: string) => `http://localhost:${(server.address() as AddressInfo).port}${path}`;
  try {
    const browser = createBrowser();
    const form = { prompt: 'login', login: await db.personId('tomas.reyes'), password: '' };
    const { pathname, search } = new URL(finance.authorizationUrl());
    const page = await browser.visit(at(pathname + search), { follow: false });
    const answer = await browser.submit(at(page.headers.location ?? ''), form, { follow: false });
    if (answer.status !== 303) return false;
    const back = new URL(answer.headers.location ?? '', answer.url);
    return hasCode((await browser.visit(at(back.pathname), { follow: false })).headers.location);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function getsCode(changes: Record<string, undefined>) {
  return async ({ finance, browser }: Scene) =>
    hasCode((await browser.visit(finance.authorizationUrl(changes), { follow: false })).headers.location);
}

async function readsForeignToken({ running, finance, browser }: Scene): Promise<boolean> {
  const answer = await finance.redeem(await finance.codeFor(browser));
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const credentials = Buffer.from(`human-resources:${db.clientSecret('human-resources')}`).toString('base64');
  const told = await fetch(`${running.issuer}/token/introspection`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ token }),
  });
  return ((await told.json()) as { active: boolean }).active;
}

const hasCode = (location = ''): boolean => new URL(location, 'http://none').searchParams.has('code');
