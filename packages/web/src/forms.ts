import express, { type RequestHandler } from 'express';
import { z } from 'zod';
import { storable } from './storable.ts';

export type FieldErrors = Record<string, string>;
export type FieldValues = Record<string, string | string[]>;

export type FormResult<Data> =
  | { ok: true; data: Data }
  | {
      ok: false;
      /** What was typed, to fill the form with again. */
      values: FieldValues;
      /** The first fault of each field. */
      errors: FieldErrors;
    };

/**
 * Parses HTML forms of up to 64 KB and 500 fields into `req.body`.
 * @throws HttpError 400 `unstorable_character`
 */
export function formBody(): RequestHandler {
  return storable(express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 500 }));
}

/**
 * Validates a submitted form. Pass the failure to the view as it is: the field partials read `values` and `errors`.
 * `if (!form.ok) return res.status(422).render('claims/new', form)`
 */
export function parseForm<Schema extends z.ZodType>(schema: Schema, body: unknown): FormResult<z.output<Schema>> {
  const given = (body ?? {}) as Record<string, unknown>;
  const result = schema.safeParse(given);
  return result.success
    ? { ok: true, data: result.data }
    : { ok: false, values: typedValues(given), errors: fieldErrors(result.error) };
}

/** The first message for each field; faults of the form as a whole stand under `form`. */
export function fieldErrors(error: z.ZodError): FieldErrors {
  const errors: FieldErrors = {};
  for (const { path, message } of error.issues) errors[String(path[0] ?? 'form')] ??= message;
  return errors;
}

/**
 * Text that must be there: trimmed, 1 to `max` characters.
 * @param missing what to tell somebody who left it out, e.g. "Enter a title"
 * @param tooLong what to tell somebody who wrote more
 */
export const requiredText = (missing: string, max = 200, tooLong = `Use ${max} characters or fewer`) =>
  z.string({ error: missing }).trim().min(1, missing).max(max, tooLong);

const isTyped = (value: unknown): value is string | string[] =>
  typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));

function typedValues(body: Record<string, unknown>): FieldValues {
  const typed = Object.entries(body).filter((entry): entry is [string, string | string[]] => isTyped(entry[1]));
  return Object.fromEntries(typed.filter(([name]) => name !== '_csrf'));
}
