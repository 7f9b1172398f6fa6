/** Who a request comes from and what they may do, as the store knows it at the moment of the request. */
export interface Auth<Role extends string = string> {
  person: Person;
  /** The person's roles in this app, now. */
  roles: Role[];
  /** The apps that the person may open, now; empty where the store does not know. */
  apps: OpenableApp[];
  /** False once the person has lost every right to this app: guards then refuse, pages may still greet them. */
  mayOpen: boolean;
  session: {
    /** The `sid` of OpenID Connect: this person's sign-in at this app. */
    sid: string;
    startedAt: Date;
    /** When the app session ends at the latest. */
    expiresAt: Date;
  };
}

export interface Person {
  /** The `sub` of OpenID Connect: opaque, permanent, never reused. */
  id: string;
  name: string;
  email: string;
  login: string;
}

export interface OpenableApp {
  clientId: string;
  title: string;
  url: string;
}

/** Who calls an API with a bearer token: an app, on behalf of a person. */
export interface Caller {
  personId: string;
  clientId: string;
  /** The person's sign-in at the calling app. */
  sid: string;
  scopes: string[];
}

declare global {
  namespace Express {
    interface Request {
      /** Set by `auth.session` while somebody is signed in. */
      auth?: Auth;
      /** Set by `bearer()` once the token has been accepted. */
      caller?: Caller;
    }
  }
}
