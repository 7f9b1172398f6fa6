import { randomInt } from 'node:crypto';
import { isFree } from './is-free.ts';
import { isRefusedByBrowsers, PORTS, refusedPortFrom } from './refused-ports.ts';

/** Below the ports that systems hand out by themselves, so that no passing connection takes one. */
const [LOWEST, HIGHEST] = [10_000, 30_000];

/** A port of loopback that nothing listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!isRefusedByBrowsers(port) && (await isFree(port))) return port;
  }
}

/** A port base of which every port is free now: for a second organisation beside the one that runs. */
export async function freePortBase(): Promise<number> {
  for (;;) {
    const base = 50 * randomInt(LOWEST / 50, HIGHEST / 50);
    if (refusedPortFrom(base) !== undefined) continue;
    const ports = Array.from({ length: PORTS }, (_, offset) => base + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
}
