import { deriveKey, randomToken } from '@gatehouse/encryption';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import { AuthClientError } from './errors.ts';
import { beginRequestState, type RequestState, requestState } from './request-state.ts';
import type { Settings } from './settings.ts';
import type { AuthStore, LoadedSession, SessionData } from './store.ts';

declare module 'express-session' {
  interface SessionData extends Partial<import('./store.ts').SessionData> {}
}

/** How stale "last seen" may get before a request writes it, in milliseconds. */
const touchInterval = 60_000;
/** Rides on the loaded session to `createSession`; a symbol, so it is neither hashed nor saved. */
const loadedFrom = Symbol('loadedFrom');

type Callback<Value = unknown> = (error?: unknown, value?: Value) => void;
type Loaded = session.SessionData & { [loadedFrom]?: LoadedSession };

/** Loads the app session of each request and sets `req.auth` beside it. */
export function appSession(settings: Settings): RequestHandler {
  const load = session({
    name: settings.cookieName,
    secret: deriveKey(settings.sessionKey, 'session cookie'),
    store: new StoreAdapter(settings.store),
    genid: generateId,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: settings.secure, path: '/' },
  });
  return (req, res, next) => {
    beginRequestState(req, settings);
    load(req, res, next);
  };
}

function generateId(req: Request): string {
  const id = randomToken();
  requestState(req).freshId = id;
  return id;
}

/** Speaks express-session's store interface over an `AuthStore`. */
class StoreAdapter extends session.Store {
  /** Set by express-session. */
  declare generate: (req: Request) => void;
  readonly #store: AuthStore;

  constructor(store: AuthStore) {
    super();
    this.#store = store;
  }

  override get(id: string, callback: Callback<session.SessionData | null>): void {
    const found = this.#store.loadSession(id).then((loaded) => {
      if (!loaded) return null;
      const cookie = {} as session.Cookie;
      return { ...loaded.data, cookie, [loadedFrom]: loaded };
    });
    settle(found, callback);
  }

  override createSession(req: Request, data: Loaded): session.Session & session.SessionData {
    const loaded = data[loadedFrom];
    if (loaded) {
      req.auth = loaded.auth;
      requestState(req).lastSeenAt = loaded.lastSeenAt;
    }
    return super.createSession(req, data);
  }

  /** Inserts only an id that was made for this very request; anything else changes a live session or nothing. */
  override set(id: string, current: session.SessionData, callback: Callback = () => {}): void {
    const { cookie: _, ...data } = current;
    settle(isSignedIn(data) ? this.#save(id, data, current) : Promise.reject(withoutLogin()), callback);
  }

  async #save(id: string, data: SessionData, current: session.SessionData): Promise<void> {
    const state = stateOf(current);
    const json = JSON.stringify(data);
    // express-session saves a regenerated session a second time when the answer ends.
    if (state.saved === json) return;
    state.saved = json;
    if (state.freshId !== id) return await this.#store.updateSession(id, data);
    state.freshId = undefined;
    state.lastSeenAt = new Date();
    if (!(await this.#store.insertSession(id, data))) throw new AuthClientError('session_ended');
  }

  override touch(id: string, current: session.SessionData, callback: Callback = () => {}): void {
    const { lastSeenAt } = stateOf(current);
    if (!lastSeenAt || Date.now() - lastSeenAt.getTime() < touchInterval) callback();
    else settle(this.#store.touchSession(id), callback);
  }

  override destroy(id: string, callback: Callback = () => {}): void {
    settle(this.#store.removeSession(id), callback);
  }

  override regenerate(req: Request, callback: Callback): void {
    const isStored = requestState(req).freshId !== req.sessionID;
    const generate: Callback = (error) => {
      this.generate(req);
      callback(error);
    };
    if (isStored) this.destroy(req.sessionID, generate);
    else generate();
  }
}

/** express-session hands a store no request, but every session knows its own. */
function stateOf(current: session.SessionData): RequestState {
  return requestState((current as session.SessionData & { req: Request }).req);
}

function isSignedIn(data: Partial<SessionData>): data is SessionData {
  return data.signIn !== undefined;
}

function withoutLogin(): AuthClientError {
  return new AuthClientError('session_without_login', { detail: 'only signing in makes a session' });
}

function settle<Value>(work: Promise<Value>, callback: Callback<Value>): void {
  work.then((value) => callback(null, value), callback);
}
