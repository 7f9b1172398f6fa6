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
  matches(stored: string | null | undefined, password: string): Promise<boolean>;
}

export interface PasswordHasherOptions {
  /** Hashes at once, each 19 MiB and one thread of Node's pool. By default half the processors, at least one. */
  concurrency?: number;
  /** How many may wait; more are refused. 100 by default. */
  waiting?: number;
}

/** Hashes passwords in a bounded queue, so that a storm of sign-ins neither fills the memory nor starves the process. */
export function createPasswordHasher({
  concurrency = Math.max(1, Math.floor(availableParallelism() / 2)),
  waiting = 100,
}: PasswordHasherOptions = {}): PasswordHasher {
  const queue = new PQueue({ concurrency });
  const nobodysHash = hash(randomBytes(32), argon2id);

  function queued<Result>(work: () => Promise<Result>): Promise<Result> {
    if (queue.size >= waiting) {
      throw new AccountsError('busy', 'The queue of passwords to hash is full', { retryAfter: 2 });
    }
    return queue.add(work);
  }

  return {
    async hash(password) {
      return queued(() => hash(password, argon2id));
    },
    async matches(stored, password) {
      const against = stored ?? (await nobodysHash);
      const same = await queued(() => verify(against, password));
      return same && stored != null;
    },
  };
}
