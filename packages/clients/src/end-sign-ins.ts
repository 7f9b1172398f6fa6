import type { PoolClient } from 'pg';

/**
 * Ends sign-ins to one client, everybody's or one person's, with their grants, codes and tokens. The client is told of
 * each (OpenID Connect Back-Channel Logout 1.0). The provider sessions live on, and with them the sign-ins to other
 * apps.
 *
 * @returns how many sign-ins ended
 */
export async function endSignIns(
  tx: PoolClient,
  { clientId, personId = null }: { clientId: string; personId?: string | null },
  reason: 'client_removed' | 'consent_revoked',
): Promise<number> {
  const { rowCount } = await tx.query(
    `UPDATE app_sessions.sign_in SET ended_at = now(), end_reason = $3
     WHERE client_id = $1 AND ($2::uuid IS NULL OR person_id = $2::uuid) AND ended_at IS NULL`,
    [clientId, personId, reason],
  );
  await tx.query(
    `DELETE FROM protocol.state
     WHERE model <> 'Session' AND client_id = $1 AND ($2::text IS NULL OR account_id = $2::text)`,
    [clientId, personId],
  );
  return rowCount ?? 0;
}
