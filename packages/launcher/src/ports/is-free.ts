import { createServer } from 'node:net';

/** Whether nothing listens on the port of either loopback address: a browser may try both for `localhost`. */
export async function isFree(port: number): Promise<boolean> {
  return (await isFreeOn('127.0.0.1', port)) && isFreeOn('::1', port);
}

function isFreeOn(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    // Anything else, such as a machine without IPv6, does not mean that another program has it.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}
