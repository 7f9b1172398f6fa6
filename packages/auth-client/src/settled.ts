/** Turns a call that takes a callback, as express-session's do, into a promise. */
export function settled(call: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}
