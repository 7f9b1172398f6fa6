import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, type Options, verify } from '@node-rs/argon2';
import PQueue from 'p-queue';
import { AccountsError } from '../errors.ts';

/** Argon2id as OWASP's password storage cheat sheet sets it: 19 MiB, two passes, one lane. */
const argon2id: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export interface PasswordHasher {
  /** @throws {AccountsError} `busy` when the queue is full */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one behind the stored hash. Without a stored hash it takes the same time and is false.
   * @throws {AccountsError} `busy` when the queue is full
   */
  matches(stored: string | null | undefined, password: string, from?: Place): Promise<boolean>;
}

/** Where a password comes from that anybody may have typed. */
export interface Place {
  /** The widest block of addresses that may be one customer's. */
  block: string;
  /** A browser in which this person signed in before: it goes first, and waits in a queue of its own. */
  known: boolean;
}

export interface PasswordHasherOptions {
  /** Hashes at once, each 19 MiB and one thread of Node's pool. By default half the processors, at least one. */
  concurrency?: number;
  /** How many may wait, of strangers and of those who are known; more are refused. 100 by default. */
  waiting?: number;
  /** How many of them from one place. A fifth by default. */
  share?: number;
}

/**
 * Hashes passwords in a bounded queue, so that a storm of sign-ins neither fills the memory nor starves the process. No
 * place has more than its share of it, and strangers have none of what is kept for known devices.
 */
export function createPasswordHasher({
  concurrency = Math.max(1, Math.floor(availableParallelism() / 2)),
  waiting = 100,
  share = Math.ceil(waiting / 5),
}: PasswordHasherOptions = {}): PasswordHasher {
  const queue = new PQueue({ concurrency });
  const nobodysHash = hash(randomBytes(32), argon2id);

  /** How many wait, by lane and by the places in it. */
  const inQueue = new Map<string, number>();
  const add = (key: string, more: number) => {
    const count = (inQueue.get(key) ?? 0) + more;
    if (count > 0) inQueue.set(key, count);
    else inQueue.delete(key);
  };

  /** Without a place it is for somebody who has proved something already: they count as known. */
  function queued<Result>(work: () => Promise<Result>, from?: Place): Promise<Result> {
    const known = from?.known ?? true;
    const lane = known ? 'known' : 'strangers';
    const limits: [key: string, most: number][] = [[lane, waiting]];
    if (from) limits.push([`${lane} from ${from.block}`, share]);
    if (limits.some(([key, most]) => (inQueue.get(key) ?? 0) >= most)) {
      throw new AccountsError('busy', 'The queue of passwords to hash is full', { retryAfter: 2 });
    }
    for (const [key] of limits) add(key, 1);
    const begin = () => {
      for (const [key] of limits) add(key, -1);
      return work();
    };
    return queue.add(begin, { priority: known ? 1 : 0 });
  }

  return {
    async hash(password) {
      return queued(() => hash(password, argon2id));
    },
    async matches(stored, password, from) {
      const against = stored ?? (await nobodysHash);
      const same = await queued(() => verify(against, password), from);
      return same && stored != null;
    },
  };
}
