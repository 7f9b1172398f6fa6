import { isStorable } from '@gatehouse/web';

/** A JSON text from a form; `undefined` where it is none, or holds what PostgreSQL cannot. */
export function parseJson(text: unknown): unknown {
  try {
    const value: unknown = JSON.parse(String(text));
    return isStorable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
