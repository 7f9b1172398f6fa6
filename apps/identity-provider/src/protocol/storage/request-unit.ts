import Provider, { type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';

/** Whether a person is active, whether they may open a client, and what it takes. */
export interface Access {
  personId: string;
  clientId: string;
  active: boolean;
  mayOpen: boolean;
  /** The client, or a role that the person has there, asks for a second factor. */
  secondFactorRequired: boolean;
  /** This browser is remembered as theirs, which takes the place of that second factor. */
  deviceRemembered: boolean;
}

/**
 * What one request has already read, or will write together with something else, so that a hop costs few statements.
 * It lives exactly as long as the request's context.
 */
export interface RequestUnit {
  /** The provider session as it stands in the database. `id` is known where it was found by its cookie. */
  session?: { id: string | undefined; payload: AdapterPayload };
  grant?: { id: string; payload: AdapterPayload };
  /** Is written by the statement that issues the code. */
  grantToWrite?: { id: string; payload: AdapterPayload };
  access?: Access;
  /**
   * By what somebody signs in who resumes an interaction; the statement that stores the session asks whether it counts.
   */
  proof?: { personId: string; moment: number };
  /** What the ID token that is being made could say. */
  idTokenScope?: string;
  /** The API for which the code that is being redeemed was issued. */
  codeResource?: string | string[];
  /** Of the refresh token that is being used; the one that replaces it belongs to it too. */
  refreshFamily?: string;
  /** Is used up by the statement that stores the access token. */
  codeToRedeem?: string;
}

const units = new WeakMap<object, RequestUnit>();

export function requestUnit(ctx: KoaContextWithOIDC | undefined = Provider.ctx): RequestUnit {
  if (!ctx) return {};
  let unit = units.get(ctx);
  if (!unit) units.set(ctx, (unit = {}));
  return unit;
}
