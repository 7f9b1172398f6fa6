import type { AuditEntry, AuditEventType } from '@gatehouse/audit';
import type { Pool } from 'pg';

type Kind = 'good' | 'warn' | 'bad' | 'info' | 'neutral';

const descriptions: Partial<Record<AuditEventType, [title: string, kind: Kind]>> = {
  'sign_in.succeeded': ['Signed in', 'good'],
  'sign_in.failed': ['Sign-in failed', 'warn'],
  'sign_in.throttled': ['Sign-in has to wait after failures', 'bad'],
  'authorization.granted': ['Opened an app', 'good'],
  'authorization.refused': ['Was refused an app', 'warn'],
  'grant.issued': ['App received its tokens', 'neutral'],
  'grant.revoked': ['Grant revoked', 'warn'],
  'session.ended': ['Session ended', 'neutral'],
  'logout.delivered': ['App elsewhere was told of the sign-out', 'neutral'],
  'logout.failed': ['App elsewhere could not be told of the sign-out', 'bad'],
  'person.created': ['Person created', 'info'],
  'person.disabled': ['Person disabled', 'bad'],
  'person.enabled': ['Person enabled', 'good'],
  'password.set': ['Password set', 'info'],
  'confirmation.failed': ['Did not confirm who they are', 'warn'],
  'factor.added': ['Second factor added', 'info'],
  'factor.removed': ['Second factor removed', 'warn'],
  'recovery_codes.made': ['Recovery codes made', 'info'],
  'recovery_code.used': ['Recovery code used', 'warn'],
  'device.remembered': ['A device is not asked for a code any more', 'info'],
  'devices.forgotten': ['Every device is asked for a code again', 'info'],
  'email.change_requested': ['Asked to change the e-mail address', 'info'],
  'email.change_cancelled': ['Did not change the e-mail address after all', 'neutral'],
  'email.changed': ['The e-mail address was changed', 'warn'],
  'link.created': ['One-time link made', 'info'],
  'link.used': ['One-time link used', 'info'],
  'role.granted': ['Role given', 'info'],
  'role.withdrawn': ['Role withdrawn', 'warn'],
  'role.retired': ['An app gave a role up', 'warn'],
  'department.created': ['Department made', 'info'],
  'designation.created': ['Designation made', 'info'],
  'access_rule.added': ['Access rule added', 'info'],
  'access_rule.removed': ['Access rule removed', 'warn'],
  'appointment.started': ['Appointment began', 'info'],
  'appointment.ended': ['Appointment ended', 'warn'],
  'app.registered': ['App registered', 'info'],
  'second_factor.decided': ['Decided who needs a second factor', 'info'],
  'client.registered': ['Client registered', 'info'],
  'client.changed': ['Client changed', 'info'],
  'client.secret_rotated': ['Client got a new secret', 'info'],
  'client.secret_retired': ['Old secret of a client stopped', 'info'],
  'client.removed': ['Client removed', 'warn'],
  'consent.given': ['Consent given', 'good'],
  'consent.declined': ['Consent declined', 'neutral'],
  'consent.revoked': ['Consent taken back', 'warn'],
  'key.created': ['Signing key made', 'info'],
  'key.promoted': ['Signing key signs from now on', 'info'],
  'key.retired': ['Signing key taken out', 'warn'],
  'key.resealed': ['Stored secrets sealed with a new key', 'info'],
  'provider.error': ['Identity provider failed', 'bad'],
};

export interface DescribedEvent {
  title: string;
  kind: Kind;
  at: Date;
  actor: string | null;
  subject: string | null;
  subjectId: string | null;
  /** Title of the app, or of what acts like one. */
  app: string | null;
  address: string | null;
  /** The app that wrote the event. */
  recordedBy: string;
  detail: string;
}

/** Audit entries in words. Events of an app's own say what the app calls them. */
export async function describeEvents(pool: Pool, entries: AuditEntry[]): Promise<DescribedEvent[]> {
  const { rows } = await pool.query<{ clientId: string; title: string }>(
    'SELECT client_id AS "clientId", title FROM directory.app',
  );
  const titles = new Map(rows.map(({ clientId, title }) => [clientId, title]))
    .set('launcher', 'Your apps')
    .set('account', 'Your account');
  return entries.map((entry) => {
    const [title, kind] = descriptions[entry.type] ?? [titleOfOwn(entry.type), 'neutral' as const];
    return {
      title,
      kind,
      at: entry.at,
      actor: entry.actorName,
      subject: entry.subjectName,
      subjectId: entry.subjectPersonId,
      app: entry.clientId && (titles.get(entry.clientId) ?? entry.clientId),
      address: entry.address,
      recordedBy:
        titles.get(entry.recordedBy) ?? (entry.recordedBy === 'identity-provider' ? 'Sign-in' : entry.recordedBy),
      detail: inWords(entry.detail),
    };
  });
}

/** The values of a detail, however deep, without those that are empty. */
function inWords(detail: object): string {
  return Object.entries(detail)
    .map(([name, value]) => [spaced(name), valueInWords(value)])
    .filter(([, words]) => words !== '')
    .map((pair) => pair.join(': '))
    .join('; ');
}

function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueInWords).join(', ');
  return typeof value === 'object' && value !== null ? inWords(value) : spaced(String(value));
}

/** An app's own event, `app.finance.claim_paid`, by the words in its name. */
function titleOfOwn(type: string): string {
  const words = spaced(type.split('.').at(-1) ?? type);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Stable names such as `person_disabled` read better with spaces; identifiers stay as they are. */
const spaced = (text: string) => (/^[a-z]+(_[a-z]+)+$/.test(text) ? text.replaceAll('_', ' ') : text);
