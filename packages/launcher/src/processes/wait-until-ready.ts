import { setTimeout as delay } from 'node:timers/promises';

/** Polls the URL until it answers 200. False when `signal` aborts first. */
export async function waitUntilReady(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) });
      await response.body?.cancel();
      if (response.ok) return true;
    } catch {
      // Not listening yet.
    }
    await delay(100, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
