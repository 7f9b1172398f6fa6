import { createExpiringMap } from './expiring-map.ts';
import type { AuthStore, LoadedSession, SessionData } from './store.ts';

export interface MemoryStoreOptions {
  /** How long an app session lives at most, in seconds. Default is 43 200 (12 hours). */
  lifetime?: number;
  /** How long an app session lives without a request, in seconds. Default is 3 600 (1 hour). */
  idle?: number;
}

interface Row {
  json: string;
  startedAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
}

/** Keeps app sessions in this process: for tests, and for an app elsewhere that runs as one process. */
export function memoryStore({ lifetime = 43_200, idle = 3_600 }: MemoryStoreOptions = {}): AuthStore {
  const sessions = createExpiringMap<Row>();
  const takenLogins = createExpiringMap<true>();
  const usedLogoutTokens = createExpiringMap<true>();
  /** Ended `sid`s and, for a logout by `sub`, the moment before which a login must not have begun. */
  const endedSids = createExpiringMap<true>();
  const endedSubs = createExpiringMap<number>();
  const endOfLife = () => new Date(Date.now() + lifetime * 1000);

  return {
    knowsPeople: false,
    async ready() {},

    async takeUpLogin(stateHash, expiresAt) {
      return firstUse(takenLogins, stateHash.toString('hex'), expiresAt);
    },

    async loadSession(id) {
      const row = sessions.get(id);
      if (!row || Date.now() - row.lastSeenAt.getTime() > idle * 1000) return undefined;
      return loaded(row);
    },
    async insertSession(id, data) {
      const { sid, sub, begunAt } = data.signIn;
      if (endedSids.get(sid) || begunAt <= (endedSubs.get(sub) ?? 0)) return false;
      const [now, expiresAt] = [new Date(), endOfLife()];
      sessions.set(id, { json: JSON.stringify(data), startedAt: now, lastSeenAt: now, expiresAt }, expiresAt);
      return true;
    },
    async updateSession(id, data) {
      const row = sessions.get(id);
      if (row) row.json = JSON.stringify(data);
    },
    async touchSession(id) {
      const row = sessions.get(id);
      if (row) row.lastSeenAt = new Date();
    },
    async removeSession(id) {
      sessions.take(id);
    },

    async endSessions({ sid, sub }) {
      if (sid !== undefined) endedSids.set(sid, true, endOfLife());
      else endedSubs.set(sub, Date.now(), endOfLife());
      for (const [id, row] of sessions.entries()) {
        const { signIn } = JSON.parse(row.json) as SessionData;
        if (sid !== undefined ? signIn.sid === sid : signIn.sub === sub) sessions.take(id);
      }
    },
    async useLogoutToken(jti, expiresAt) {
      return firstUse(usedLogoutTokens, jti, expiresAt);
    },
  };
}

function firstUse(used: ReturnType<typeof createExpiringMap<true>>, id: string, expiresAt: Date): boolean {
  if (used.get(id)) return false;
  used.set(id, true, expiresAt);
  return true;
}

function loaded({ json, startedAt, lastSeenAt, expiresAt }: Row): LoadedSession {
  const data = JSON.parse(json) as SessionData;
  const { sub, sid } = data.signIn;
  const { roles = [], ...names } = data.profile ?? { name: sub, email: '', login: sub };
  return {
    data,
    lastSeenAt,
    auth: { person: { id: sub, ...names }, roles, apps: [], mayOpen: true, session: { sid, startedAt, expiresAt } },
  };
}
