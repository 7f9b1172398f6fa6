import type { Request } from 'express';
import Provider from 'oidc-provider';
import { reaches, TWO_FACTOR } from '../authentication-context.ts';
import { SESSION_SECONDS } from '../lifetimes.ts';
import type { SignInToStart } from './hop.ts';
import { requestUnit } from './request-unit.ts';

export function currentRequest(): { address: string | undefined; requestId: string | undefined } {
  const req = Provider.ctx?.req as Partial<Request> | undefined;
  return { address: req?.ip, requestId: req?.id as string | undefined };
}

/**
 * The sign-in to a client that the request under way is about, with the grant that waits to be written with it.
 *
 * @throws {TypeError} outside of an authorization that a signed-in person has passed
 */
export function signInOfRequest({
  clientId,
  grantId,
}: {
  clientId?: string | undefined;
  grantId?: string | undefined;
}): SignInToStart {
  const session = Provider.ctx?.oidc.session;
  const sid = clientId && session?.sidFor(clientId);
  if (!session?.accountId || !clientId || !grantId || !sid) {
    throw new TypeError('Nothing is issued but to a client, within a session, under a grant');
  }
  return {
    sessionUid: session.uid,
    personId: session.accountId,
    clientId,
    sid,
    grantId,
    grant: requestUnit().grantToWrite?.payload,
    sessionExpiry: (session.loginTs ?? 0) + SESSION_SECONDS,
    secondFactor: reaches(session.acr, TWO_FACTOR) || requestUnit().access?.deviceRemembered === true,
    ...currentRequest(),
  };
}
