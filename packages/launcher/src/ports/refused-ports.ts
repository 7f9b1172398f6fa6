/**
 * Ports from 1024 on at which browsers open no page, because other protocols have them (Fetch standard, "bad port").
 */
const REFUSED: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

export const isRefusedByBrowsers = (port: number): boolean => REFUSED.has(port);

/**
 * Ports of the organisation, from the identity provider's on: one for each app that there may be, PostgreSQL's and the
 * one of being somebody else.
 */
export const PORTS = 34;

/** The first port of an organisation at this base that no browser would open. */
export function refusedPortFrom(base: number): number | undefined {
  return Array.from({ length: PORTS }, (_, offset) => base + offset).find(isRefusedByBrowsers);
}
