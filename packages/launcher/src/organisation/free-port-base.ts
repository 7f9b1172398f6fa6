import { randomInt } from 'node:crypto';
import { isFree } from './ports.ts';

/** From the identity provider's place to that of being somebody else. */
const SPAN = 34;

/**
 * A port base of which every port is free now: for a second organisation beside the one that runs. It is below the
 * ports that systems hand out by themselves, so that no passing connection takes one of its ports.
 */
export async function freePortBase(): Promise<number> {
  for (;;) {
    const base = 10_000 + 50 * randomInt(400);
    const ports = Array.from({ length: SPAN }, (_, offset) => base + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
}
