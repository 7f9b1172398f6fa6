import type { Client } from './summary.ts';

/** Whether scripts of this origin may act as the client. */
export function mayCallFrom(client: Client, origin: string | undefined): boolean {
  const { allowed_origins: allowed } = client;
  return Array.isArray(allowed) && allowed.includes(origin);
}
