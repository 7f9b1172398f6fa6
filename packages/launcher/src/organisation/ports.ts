import { createServer } from 'node:net';

/** A port that the organisation needs is taken. */
export class PortBusyError extends Error {
  readonly code = 'port_busy';

  constructor(port: number, purpose: string, options?: ErrorOptions) {
    super(
      `Port ${port}, which ${purpose} needs, is in use: end the program that has it, or choose other ports with PORT_BASE=5000.`,
      options,
    );
    this.name = 'PortBusyError';
  }
}

/** @throws PortBusyError for the first port that another program listens on */
export async function requireFreePorts(needed: { port: number; purpose: string }[]): Promise<void> {
  for (const { port, purpose } of needed) {
    if (!(await isFree(port))) throw new PortBusyError(port, purpose);
  }
}

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
