import { setTimeout as delay } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Mailer, Message } from './message.ts';

export interface Postman {
  /** Takes a mail and returns at once, so that no answer waits for, or tells of, a delivery. */
  post(message: Message): void;
  /** Resolves once all that was taken is delivered or given up. */
  stop(): Promise<void>;
}

export interface PostmanOptions {
  mailer: Mailer;
  /** Told of a mail that could not be delivered, without its content. */
  onFailure(error: unknown, message: Pick<Message, 'subject'>): void;
  /** Milliseconds to wait before each further try. */
  retryAfter?: readonly number[];
}

/** Delivers mail behind the scenes, a few at a time, with further tries where the server is away for a moment. */
export function createPostman({ mailer, onFailure, retryAfter = [500, 3000, 15_000] }: PostmanOptions): Postman {
  const queue = new PQueue({ concurrency: 4 });

  async function deliver(message: Message): Promise<void> {
    for (const wait of retryAfter) {
      try {
        return await mailer.send(message);
      } catch {
        await delay(wait);
      }
    }
    await mailer.send(message);
  }

  return {
    post(message) {
      queue.add(() => deliver(message)).catch((error: unknown) => onFailure(error, message));
    },
    stop: () => queue.onIdle(),
  };
}
