import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import { ACCOUNT } from './clients/account.ts';
import { LAUNCHER } from './clients/launcher.ts';
import { deviceTokenHash } from './remembered-device.ts';
import { findAccess } from './storage/hop.ts';
import { type Access, requestUnit } from './storage/request-unit.ts';

/** Whether the person is active and may open the client of this request, and by what. Read at most once a request. */
export async function accessOf(pool: Pool, ctx: KoaContextWithOIDC, personId: string): Promise<Access> {
  const clientId = ctx.oidc.client?.clientId ?? '';
  const unit = requestUnit(ctx);
  if (unit.access?.personId !== personId || unit.access.clientId !== clientId) {
    const found = await findAccess(pool, personId, clientId, deviceTokenHash(ctx));
    unit.access = { ...(found ?? nothing), personId, clientId };
  }
  // Whoever is active has a launcher, if an empty one, and an account.
  return clientId === LAUNCHER || clientId === ACCOUNT ? { ...unit.access, mayOpen: unit.access.active } : unit.access;
}

const nothing = { active: false, mayOpen: false, secondFactorRequired: false, deviceRemembered: false };
