import { timingSafeEqual } from 'node:crypto';
import { randomToken, sha256 } from '@gatehouse/encryption';
import type { Request } from 'express';
import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import { cookiesOf, readCookie } from '../read-cookie.ts';

/** Sign-ins that one browser may have under way at once; the oldest is dropped. Keeps its requests small. */
const MOST_AT_ONCE = 10;

declare module 'oidc-provider' {
  interface Interaction {
    /** SHA-256, in base64url, of what the browser that began it holds. */
    browser?: string;
  }
}

type Find = (uid: string, options?: object) => Promise<InstanceType<Provider['Interaction']> | undefined>;

/**
 * Binds each interaction to the browser that began it, by a random value in a cookie of its own. Who opens the page,
 * answers a form or resumes the request without that value finds no interaction. The library's own cookies hold the uid
 * alone, which stands in the address, and belong to one path each, so a sibling host may plant them.
 */
export function bindInteractions(provider: Provider): void {
  const { Interaction } = provider;
  const fields = Interaction.IN_PAYLOAD;
  const find = Interaction.find.bind(Interaction) as Find;
  const { save, destroy } = Interaction.prototype;

  Object.defineProperty(Interaction, 'IN_PAYLOAD', { get: () => [...fields, 'browser'] });

  Interaction.prototype.save = async function saveBound(ttl) {
    this.browser ??= begin(currentContext(), this.uid, ttl);
    return save.call(this, ttl);
  };

  /** The library resumes by this, for an authorization request as for a device. */
  const findBound: Find = async (uid, options) => {
    const interaction = await find(uid, options);
    const { ctx } = Provider;
    return !ctx || (interaction && isOfBrowser(provider, ctx.req, interaction)) ? interaction : undefined;
  };
  Object.assign(Interaction, { find: findBound });

  /** It is resumed: the browser has nothing left to show. */
  Interaction.prototype.destroy = async function destroyBound() {
    await destroy.call(this);
    const ctx = currentContext();
    ctx.cookies.set(cookieName(provider, this.uid), null, optionsOf(provider));
  };
}

/** What this browser holds for the interaction; `undefined` where it has not begun it. */
export const browserSecretOf = (provider: Provider, req: Pick<Request, 'headers'>, uid: string): string | undefined =>
  readCookie(req, cookieName(provider, uid));

/** Whether the interaction was begun in the browser that sends this request. */
export function isOfBrowser(
  provider: Provider,
  req: Pick<Request, 'headers'>,
  { uid, browser }: { uid: string; browser?: string },
): boolean {
  const secret = browserSecretOf(provider, req, uid);
  return (
    secret !== undefined && browser !== undefined && timingSafeEqual(sha256(secret), Buffer.from(browser, 'base64url'))
  );
}

/** Gives the browser a new value, in place of its oldest one where it has many, and returns the hash to keep. */
function begin(ctx: KoaContextWithOIDC, uid: string, seconds: number): string {
  const { provider } = ctx.oidc;
  const options = optionsOf(provider);
  const ours = cookiesOf(ctx.req).filter(([name]) => name.startsWith(cookieName(provider, '')));
  const newestFirst = ours.sort(([, a], [, b]) => begunAt(b) - begunAt(a));
  for (const [name] of newestFirst.slice(MOST_AT_ONCE - 1)) ctx.cookies.set(name, null, options);
  const value = `${Date.now().toString(36)}.${randomToken()}`;
  ctx.cookies.set(cookieName(provider, uid), value, { ...options, maxAge: seconds * 1000 });
  return sha256(value).toString('base64url');
}

const begunAt = (value: string): number => Number.parseInt(value, 36) || 0;

/** As well guarded as the session's own: under https a `__Host-` cookie, which no other host can set. */
const cookieName = (provider: Provider, uid: string): string => `${provider.cookieName('session')}.${uid}`;

const optionsOf = ({ issuer }: Provider) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: issuer.startsWith('https:'), signed: false }) as const;

function currentContext(): KoaContextWithOIDC {
  if (!Provider.ctx) throw new Error('an interaction begins and ends in a request to the provider');
  return Provider.ctx;
}
