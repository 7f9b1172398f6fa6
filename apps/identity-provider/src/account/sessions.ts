import {
  endSessions,
  type LiveSession,
  listEndedSignIns,
  listRememberedDevices,
  listSessions,
} from '@gatehouse/accounts';
import { addressBlock } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { deviceInWords } from '../device.ts';
import { refusal } from '../languages/refusal.ts';
import { translatorOf } from '../languages/speak.ts';
import { answerSignedOut, endAsPerson } from '../protocol/index.ts';
import { type AccountDependencies, originOf, ownerOf } from './dependencies.ts';

/** Every browser in which this person is signed in, this one first. */
export function showSessions({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { person, session } = ownerOf(req);
    const [live, ended, remembered] = await Promise.all([
      listSessions(pool, person.id),
      listEndedSignIns(pool, person.id),
      listRememberedDevices(pool, person.id),
    ]);
    const isThisOne = ({ sessionUid }: LiveSession) => sessionUid === session.sid;
    const t = translatorOf(res);
    const sessions = live
      .map((other) => ({
        ...other,
        here: isThisOne(other),
        device: other.device === null ? t('common.deviceUnknown') : deviceInWords(t, other.device),
        place: other.address && t('common.network', { block: addressBlock(other.address) }),
      }))
      .sort((a, b) => Number(b.here) - Number(a.here) || +(b.lastSeenAt ?? 0) - +(a.lastSeenAt ?? 0));
    const devices = remembered.map((each) => ({ ...each, device: deviceInWords(t, each.device) }));
    res.render('account/sessions', { sessions, ended, devices });
  };
}

/** Ends one of their own: signs out if it is this one. Apps on this database are out at once, others are told. */
export function endOwnSession(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { person, session } = ownerOf(req);
    const sessionUid = String((req.body as { session?: unknown } | undefined)?.session);
    if (sessionUid === session.sid) {
      const receipt = await endAsPerson(deps, req, res, { sessionUid }, person.id);
      return answerSignedOut(deps, res, { client: undefined, returnTo: undefined }, receipt);
    }
    const own = (await listSessions(deps.pool, person.id)).some((other) => other.sessionUid === sessionUid);
    if (!own) throw refusal(404, 'session_unknown');
    await endSessions(deps.pool, { sessionUid }, endingBy(person.id, req));
    res.redirect(303, '/account/sessions?done=ended');
  };
}

export function endOtherSessions({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { person, session } = ownerOf(req);
    await endSessions(pool, { personId: person.id, except: session.sid }, endingBy(person.id, req));
    res.redirect(303, '/account/sessions?done=others');
  };
}

const endingBy = (actorPersonId: string, req: Parameters<typeof originOf>[0]) => ({
  reason: 'ended_elsewhere' as const,
  actorPersonId,
  ...originOf(req),
});
