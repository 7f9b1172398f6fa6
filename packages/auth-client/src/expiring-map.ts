/** A map whose entries are gone once they have expired, whether or not anybody has swept. */
export interface ExpiringMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value, expiresAt: Date): void;
  /** Returns and removes. */
  take(key: string): Value | undefined;
  entries(): Iterable<[string, Value]>;
}

const sweepInterval = 60_000;

export function createExpiringMap<Value>(): ExpiringMap<Value> {
  const entries = new Map<string, { value: Value; expiresAt: number }>();
  let nextSweep = 0;

  const get = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.expiresAt > Date.now() ? entry.value : undefined;
  };

  function sweep(): void {
    if (Date.now() < nextSweep) return;
    nextSweep = Date.now() + sweepInterval;
    for (const [key, { expiresAt }] of entries) if (expiresAt <= Date.now()) entries.delete(key);
  }

  return {
    get,
    set(key, value, expiresAt) {
      sweep();
      entries.set(key, { value, expiresAt: expiresAt.getTime() });
    },
    take(key) {
      const value = get(key);
      entries.delete(key);
      return value;
    },
    *entries() {
      for (const [key, { value, expiresAt }] of entries) if (expiresAt > Date.now()) yield [key, value];
    },
  };
}
