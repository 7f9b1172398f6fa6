import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts a program of the bench's own, waits until it says that it is ready, and returns its pid; disposing of
 * `resources` ends it. What it says is only of interest when it does not start: in-memory stores warn that they are
 * no product.
 */
export async function startProgram(file: string, options: object, resources: AsyncDisposableStack): Promise<number> {
  const child = fork(file, [JSON.stringify(options)], {
    env: { NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${file} did not start: ${said}`)));
  ended.catch(() => undefined);
  resources.defer(() => void child.kill());
  await Promise.race([once(child, 'message'), ended]);
  return child.pid ?? 0;
}
