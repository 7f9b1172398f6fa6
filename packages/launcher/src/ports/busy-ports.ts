import { isFree } from './is-free.ts';

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
