import { isDeepStrictEqual } from 'node:util';

type Json = Record<string, unknown>;

/**
 * Merges JSON objects key by key. Where both sides changed one value differently ours stays, and `conflicts` says what
 * the template has.
 */
export function mergeJson(ours: Json, base: Json, theirs: Json, path = ''): { value: Json; conflicts: string[] } {
  const value: Json = {};
  const conflicts: string[] = [];
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const [own, before, now] = [ours[key], base[key], theirs[key]];
    const name = path + key;
    if (isObject(own) && isObject(now)) {
      const merged = mergeJson(own, isObject(before) ? before : {}, now, `${name}.`);
      value[key] = merged.value;
      conflicts.push(...merged.conflicts);
    } else if (isDeepStrictEqual(own, before)) {
      if (now !== undefined) value[key] = now;
    } else {
      if (own !== undefined) value[key] = own;
      const differs = !isDeepStrictEqual(now, before) && !isDeepStrictEqual(now, own);
      if (differs) conflicts.push(`${name}: the template now has ${JSON.stringify(now) ?? 'nothing'}`);
    }
  }
  return { value, conflicts };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
