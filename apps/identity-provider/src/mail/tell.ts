import { findPerson } from '@gatehouse/directory';
import type { Postman } from '@gatehouse/mail';
import type { Request } from 'express';
import type { Pool } from 'pg';
import { deviceOf } from '../device.ts';
import { noticeLetter } from './letters.ts';

export interface TellDependencies {
  pool: Pool;
  /** `undefined` where no mail is sent. */
  post: Postman | undefined;
  /** Our own origin. */
  issuer: string;
}

/** Tells a person by mail what was just done to their account. */
export async function tell(deps: TellDependencies, req: Request, personId: string, what: string): Promise<void> {
  const person = await findPerson(deps.pool, personId);
  if (person)
    deps.post?.post(noticeLetter(person, { what, device: deviceOf(req), address: req.ip ?? '' }, deps.issuer));
}
