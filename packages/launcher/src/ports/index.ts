export { PortBusyError, requireFreePorts } from './busy-ports.ts';
export { freePort, freePortBase } from './free-ports.ts';
export { isFree } from './is-free.ts';
export { isRefusedByBrowsers, PORTS, refusedPortFrom } from './refused-ports.ts';
