import { findPerson } from '@gatehouse/directory';
import type { Postman } from '@gatehouse/mail';
import type { Response } from 'express';
import type { Pool } from 'pg';
import { deviceInWords, deviceOf } from '../device.ts';
import { translatorOf } from '../languages/speak.ts';
import { noticeLetter } from './letters.ts';

export interface TellDependencies {
  pool: Pool;
  /** `undefined` where no mail is sent. */
  post: Postman | undefined;
  /** Our own origin. */
  issuer: string;
}

/** Tells a person by mail what was just done to their account, in the language of the answer to whoever did it. */
export async function tell(deps: TellDependencies, res: Response, personId: string, what: string): Promise<void> {
  const person = await findPerson(deps.pool, personId);
  if (!person) return;
  const { req } = res;
  const t = translatorOf(res);
  const notice = { what, device: deviceInWords(t, deviceOf(req)), address: req.ip ?? '' };
  deps.post?.post(noticeLetter(t, person, notice, deps.issuer));
}
