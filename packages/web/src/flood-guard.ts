import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { addressBlocks } from './address-block.ts';
import { HttpError } from './http-error.ts';
import type { Logger } from './log.ts';
import { assetAskedFor } from './static-assets.ts';
import { errorTexts } from './texts.ts';

/**
 * So many shares of requests one address block has: many people and the servers of several apps may share an address.
 */
const SHARES = 10;

export interface FloodGuardOptions {
  /** For one share from one address block. */
  requestsPerMinute: number;
  log: Logger;
  /** Whose share of its address block's budget a request takes from; `undefined` for none of its own. */
  shareOf: (req: Request) => string | undefined;
}

/**
 * Keeps a flood of requests from one place away from the database, at every address: the budget of whatever asks nobody
 * who they are. Files of the look cost nothing and are free. Forms that can be guessed at have limits of their own
 * besides. Answers 429 with `Retry-After` beyond so many a minute for one share, and beyond ten times as many in all; a
 * wider block (IPv4 /24, IPv6 /56 and /48) has twice the room of the one in it. Each process counts for itself, so that
 * counting costs no statement. A share counts only within its address block: nobody can use up another's.
 */
export function floodGuard({ requestsPerMinute, log, shareOf }: FloodGuardOptions): RequestHandler {
  const ofShare = new RateLimiterMemory({ points: requestsPerMinute, duration: 60 });
  const ofBlocks = [1, 2, 4].map(
    (times) => new RateLimiterMemory({ points: requestsPerMinute * SHARES * times, duration: 60 }),
  );
  return async (req, _res, next) => {
    if (assetAskedFor(req)) return next();
    const blocks = addressBlocks(req.ip ?? '');
    const [block = ''] = blocks;
    const share = shareOf(req);
    for (const [width, each] of blocks.entries()) await take(ofBlocks[width] as RateLimiterMemory, each);
    if (share !== undefined) await take(ofShare, `${block} ${share}`);
    next();

    async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
      try {
        await limiter.consume(key);
      } catch (reached) {
        if (reached instanceof Error) throw reached;
        const { msBeforeNext, consumedPoints } = reached as RateLimiterRes;
        if (consumedPoints === limiter.points + 1) log.warn({ block, share }, 'too many requests from one place');
        throw tooMany(Math.ceil(msBeforeNext / 1000));
      }
    }
  };
}

const tooMany = (seconds: number) =>
  new HttpError(429, 'too_many_requests', errorTexts.too_many_requests, {
    headers: { 'retry-after': String(seconds) },
  });
