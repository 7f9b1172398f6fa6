import type { Pool } from 'pg';
import { type AuditEvent, record } from './record.ts';

/** How long refusals of one kind are counted together. */
const windowMinutes = 10;

/** How many of a kind are recorded as they are, in each window. */
const inFull = 10;

/** How many kinds are told apart; the rest count as one. */
const mostKinds = 50;

interface Kind {
  event: AuditEvent;
  count: number;
}

interface Window {
  kinds: Map<string, Kind>;
  timer: NodeJS.Timeout;
}

const windows = new WeakMap<Pool, Window>();

/**
 * Records a refusal of somebody who is not known, and who can repeat it as often as they like. The first ones of a kind
 * are recorded as they are; further ones in the same ten minutes are counted, and one event says how many they were. So
 * no number of requests makes more than a few hundred rows. What a process has counted when it dies is lost: a number,
 * which the log of requests has too.
 *
 * @param event its kind is its type, its client, and `reason`, `error` and `route` of its detail
 */
export async function recordRefusal(pool: Pool, event: AuditEvent): Promise<void> {
  const { kinds } = windows.get(pool) ?? openWindow(pool);
  const { reason, error, route } = event.detail ?? {};
  const own = JSON.stringify([event.type, event.clientId, reason, error, route]);
  const name = kinds.has(own) || kinds.size < mostKinds ? own : 'others';
  const kind = kinds.get(name) ?? { event: name === own ? event : { type: event.type }, count: 0 };
  kinds.set(name, kind);
  kind.count += 1;
  if (kind.count <= inFull) await record(pool, event);
}

function openWindow(pool: Pool): Window {
  // The pool may be closed by then, which loses the number only.
  const timer = setTimeout(() => void closeRefusals(pool).catch(() => {}), windowMinutes * 60_000);
  const window = { kinds: new Map<string, Kind>(), timer: timer.unref() };
  windows.set(pool, window);
  return window;
}

/** Ends the window: writes how many refusals of each kind have not been recorded one by one. */
export async function closeRefusals(pool: Pool): Promise<void> {
  const window = windows.get(pool);
  if (!window) return;
  windows.delete(pool);
  clearTimeout(window.timer);
  for (const { event, count } of window.kinds.values()) {
    if (count <= inFull) continue;
    const { type, clientId } = event;
    const { reason, error, route } = event.detail ?? {};
    await record(pool, { type, clientId, detail: { reason, error, route, more: count - inFull, windowMinutes } });
  }
}
