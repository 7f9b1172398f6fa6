/**
 * The id of the browser that asks, where this very person signed in in it before; `undefined` for everybody else. It is
 * asked for once it is known who the attempt is about.
 */
export type KnownDevice = (personId: string) => string | undefined;
