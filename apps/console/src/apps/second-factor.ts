import { decideSecondFactor } from '@gatehouse/directory/manage';
import { HttpError, parseForm } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import manifest from '../../manifest.ts';

const form = z.object({
  app: z.string().max(128),
  role: z.string().max(100).optional(),
  required: z.enum(['yes', 'no']),
});

/** An administrator decides that an app, or a role in it, needs a second factor, or no longer does. */
export function changeSecondFactor({ pool }: { pool: Pool }): RequestHandler {
  return async (req, res) => {
    const parsed = parseForm(form, req.body);
    if (!parsed.ok) throw new HttpError(400, 'form_incomplete', 'This form is incomplete. Open the page again.');
    const { app, role, required } = parsed.data;
    const change = {
      actorPersonId: req.auth!.person.id,
      clientId: manifest.clientId,
      requestId: String(req.id),
    };
    try {
      await decideSecondFactor(pool, { app, role, required: required === 'yes' }, change);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new HttpError(404, 'app_unknown', 'There is no such app or role any more.', { cause });
    }
    res.redirect(303, `/apps?done=${required === 'yes' ? 'required' : 'lifted'}`);
  };
}
