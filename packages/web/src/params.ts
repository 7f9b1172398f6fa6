import type { Request } from 'express';
import { z } from 'zod';
import { HttpError } from './http-error.ts';

const uuid = z.uuid();

/**
 * The UUID in a route's path. What is no UUID names nothing, so it is answered as any unknown address.
 * @throws HttpError 404 `not_found`
 */
export function uuidParam(req: Request, name = 'id'): string {
  const { success, data } = uuid.safeParse(req.params[name]);
  if (!success) throw new HttpError(404, 'not_found', 'There is nothing at this address.');
  return data;
}

const number = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

/**
 * The number in a route's path, such as that of a ticket. What is no number of a row is answered as any unknown
 * address.
 * @throws HttpError 404 `not_found`
 */
export function numberParam(req: Request, name = 'id'): number {
  const { success, data } = number.safeParse(req.params[name]);
  if (!success) throw new HttpError(404, 'not_found', 'There is nothing at this address.');
  return data;
}
