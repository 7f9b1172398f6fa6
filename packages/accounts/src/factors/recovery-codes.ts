import { randomInt } from 'node:crypto';
import { record } from '@gatehouse/audit';
import { sha256 } from '@gatehouse/encryption';
import type { Pool, PoolClient } from 'pg';
import type { Origin } from '../origin.ts';
import { type AccountOwner, lockOwner } from '../sign-in/proof.ts';
import { inTransaction } from '../transaction.ts';
import { normaliseCode } from './normalise-code.ts';

const howMany = 10;

/** 32 characters without those that are taken for each other, so 16 of them are 80 bits. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * New codes, such as `7k2m-q9x4-3f5d-htb8`; all earlier ones of the person stop working. They are shown only now.
 * @throws {AccountsError} `secured_meanwhile`
 */
export function makeRecoveryCodes(
  pool: Pool,
  { personId, moment, ...origin }: AccountOwner & Origin,
): Promise<string[]> {
  return inTransaction(pool, async (tx) => {
    await lockOwner(tx, { personId, moment });
    return replaceRecoveryCodes(tx, { personId, ...origin });
  });
}

export async function replaceRecoveryCodes(
  tx: PoolClient,
  { personId, ...origin }: { personId: string } & Origin,
): Promise<string[]> {
  const codes = Array.from({ length: howMany }, newCode);
  await tx.query('DELETE FROM credentials.recovery_code WHERE person_id = $1', [personId]);
  await tx.query(
    'INSERT INTO credentials.recovery_code (code_hash, person_id) SELECT hash, $2 FROM unnest($1::bytea[]) hash',
    [codes.map((code) => hashOf(personId, code)), personId],
  );
  const who = { actorPersonId: personId, subjectPersonId: personId };
  await record(tx, { ...origin, ...who, type: 'recovery_codes.made' });
  return codes;
}

/** Uses a code up. Of any number at once exactly one succeeds. */
export async function useRecoveryCode(pool: Pool, personId: string, typed: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE credentials.recovery_code SET used_at = now()
     WHERE code_hash = $1 AND person_id = $2 AND used_at IS NULL`,
    [hashOf(personId, typed), personId],
  );
  return rowCount === 1;
}

const newCode = () =>
  Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')).join(
    '-',
  );

/** The same however the code is written down: capitals too, and letters that look like digits. */
function hashOf(personId: string, typed: string): Buffer {
  const code = normaliseCode(typed)
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1');
  return sha256(`recovery code of ${personId}: ${code}`);
}
