import { addressBlocks } from '@gatehouse/accounts';
import type { Logger } from '@gatehouse/web';
import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { refusal } from './languages/refusal.ts';

/** What OpenID Connect answers, of which each client has a share of its own. */
const PROTOCOL = /^\/(?:auth|token|request|device|me|jwks|session\/end|\.well-known)(?:\/|$)/i;

/** Files of the look, which cost nothing. */
const FREE = /^\/assets\//;

/** So many clients' worth of requests one address block has: the servers of several apps may share an address. */
const CLIENTS = 10;

/**
 * Keeps a flood of requests from one place away from the database, at every address: the budget of whatever asks nobody
 * who they are. Forms that can be guessed at have limits of their own besides, in the database. Answers 429 with `Retry-After` beyond so
 * many a minute for one client, and beyond ten times as many for all clients; a wider
 * block (IPv4 /24, IPv6 /56 and /48) has twice the room of the one in it. Each process counts for itself, so that
 * counting costs no statement. A client is what a request says it is, and counts only within its address block: nobody
 * can use up another's share.
 *
 * @param requestsPerMinute for one client from one address block
 */
export function floodGuard(requestsPerMinute: number, log: Logger): RequestHandler {
  const ofClient = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  const ofBlocks = [1, 2, 4].map(
    (times) => new RateLimiterMemory({ points: requestsPerMinute * CLIENTS * times, duration: 60 }),
  );
  return async (req, _res, next) => {
    if (FREE.test(req.path)) return next();
    const blocks = addressBlocks(req.ip ?? '');
    const [block = ''] = blocks;
    const clientId = clientOf(req);
    for (const [width, each] of blocks.entries()) await take(ofBlocks[width] as RateLimiterMemory, each);
    if (PROTOCOL.test(req.path)) await take(ofClient, `${block} ${clientId}`);
    next();

    async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
      try {
        await limiter.consume(key);
      } catch (reached) {
        if (reached instanceof Error) throw reached;
        const { msBeforeNext, consumedPoints } = reached as RateLimiterRes;
        if (consumedPoints === limiter.points + 1) log.warn({ block, clientId }, 'too many requests from one place');
        throw tooMany(Math.ceil(msBeforeNext / 1000));
      }
    }
  };
}

/** The client that a request names, by parameter or by Basic authentication. */
function clientOf(req: Request): string {
  const { client_id: named } = req.query;
  if (typeof named === 'string') return named.slice(0, 100);
  const [, credentials = ''] = /^Basic ([\w+/=]+)$/i.exec(req.get('authorization') ?? '') ?? [];
  return Buffer.from(credentials, 'base64').toString().split(':', 1)[0]?.slice(0, 100) ?? '';
}

const tooMany = (seconds: number) => refusal(429, 'too_many_requests', { headers: { 'retry-after': String(seconds) } });
