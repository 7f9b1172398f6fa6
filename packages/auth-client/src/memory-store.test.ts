import { randomToken, sha256 } from '@gatehouse/encryption';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from './memory-store.ts';
import type { SessionData } from './store.ts';

const minute = 60_000;

describe('memoryStore', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('S23 ends a session after an idle hour', async () => {
    const store = memoryStore();
    await store.insertSession('id', signedIn());
    pass(59 * minute);
    expect(await store.loadSession('id')).toBeDefined();
    await store.touchSession('id');
    pass(59 * minute);
    expect(await store.loadSession('id')).toBeDefined();
    pass(2 * minute);
    expect(await store.loadSession('id')).toBeUndefined();
  });

  it('S23 ends a session after twelve hours however busy it is', async () => {
    const store = memoryStore();
    await store.insertSession('id', signedIn());
    for (let hour = 0; hour < 23; hour++) {
      pass(30 * minute);
      await store.touchSession('id');
    }
    expect(await store.loadSession('id')).toBeDefined();
    pass(31 * minute);
    await store.touchSession('id');
    expect(await store.loadSession('id')).toBeUndefined();
  });

  it('S109 has a login taken up once, until it has run out anyway', async () => {
    const store = memoryStore();
    const soon = new Date(Date.now() + 10 * minute);
    expect(await store.takeUpLogin(sha256('a'), soon)).toBe(true);
    expect(await store.takeUpLogin(sha256('a'), soon)).toBe(false);
    expect(await store.takeUpLogin(sha256('b'), soon)).toBe(true);
  });

  it('S63 refuses a session for a sid that has ended, and for a sub only if the login began before', async () => {
    const store = memoryStore();
    await store.endSessions({ sid: 'ended' });
    expect(await store.insertSession('a', signedIn({ sid: 'ended' }))).toBe(false);
    expect(await store.insertSession('b', signedIn())).toBe(true);

    const begunBefore = signedIn();
    pass(10);
    await store.endSessions({ sub: 'person-1' });
    expect(await store.loadSession('b')).toBeUndefined();
    expect(await store.insertSession('c', begunBefore)).toBe(false);
    pass(10);
    expect(await store.insertSession('d', signedIn())).toBe(true);
  });

  it('S52 keeps no reference into what it stored', async () => {
    const store = memoryStore();
    const data = signedIn();
    await store.insertSession('id', data);
    data.signIn.sub = 'somebody-else';
    expect((await store.loadSession('id'))?.auth.person.id).toBe('person-1');
  });

  function signedIn(change: Partial<SessionData['signIn']> = {}): SessionData {
    const begunAt = Date.now();
    const signIn = { sub: 'person-1', sid: randomToken(), idToken: '', stateHash: '', returnTo: '/', begunAt };
    return { signIn: { ...signIn, ...change } };
  }

  const pass = (milliseconds: number) => void vi.setSystemTime(Date.now() + milliseconds);
});
