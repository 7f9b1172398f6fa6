import { addressBlock } from '@gatehouse/accounts';
import { type AuditEntry, type AuditEventType, list } from '@gatehouse/audit';
import { listApps } from '@gatehouse/directory';
import type { RequestHandler } from 'express';
import { type AccountDependencies, ownerOf } from './dependencies.ts';

type Kind = 'good' | 'warn' | 'bad' | 'info' | 'neutral';

/** What concerns the person themself; what administrators did to their rights stands elsewhere. */
const shown: Partial<Record<AuditEventType, [title: string, kind: Kind]>> = {
  'sign_in.succeeded': ['Signed in', 'good'],
  'sign_in.failed': ['A sign-in failed', 'warn'],
  'sign_in.throttled': ['Sign-ins had to wait after failures', 'bad'],
  'confirmation.failed': ['A change was not confirmed', 'warn'],
  'session.ended': ['A session ended', 'neutral'],
  'password.set': ['The password was set', 'info'],
  'factor.added': ['A second factor was added', 'info'],
  'factor.removed': ['A second factor was removed', 'warn'],
  'recovery_codes.made': ['Recovery codes were made', 'info'],
  'recovery_code.used': ['A recovery code was used', 'warn'],
  'link.created': ['A link to set the password was made', 'info'],
  'link.used': ['A link to set the password was used', 'info'],
};

const perPage = 30;

/** Their sign-ins and what was done to their account, from the audit, the latest first. */
export function showHistory({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { person } = ownerOf(req);
    const before =
      typeof req.query.before === 'string' && /^\d{1,18}$/.test(req.query.before) ? req.query.before : undefined;
    const types = Object.keys(shown) as AuditEventType[];
    const [entries, apps] = await Promise.all([
      list(pool, { subjectPersonId: person.id, types, before, limit: perPage + 1 }),
      listApps(pool),
    ]);
    const titles = new Map(apps.map(({ clientId, title }) => [clientId, title]));
    const events = entries.slice(0, perPage).map((entry) => inWords(entry, titles));
    res.render('account/history', { events, older: entries.length > perPage ? entries[perPage - 1]?.id : undefined });
  };
}

function inWords({ at, type, clientId, address, detail }: AuditEntry, titles: Map<string, string>) {
  const [title, kind] = shown[type] ?? [type, 'neutral'];
  const app = clientId ? titles.get(clientId) : undefined;
  const place = address ? `network ${addressBlock(address)}` : undefined;
  const device = typeof detail.device === 'string' ? detail.device : undefined;
  return { at, kind, title: app ? `${title}, for ${app}` : title, text: [device, place].filter(Boolean).join(', ') };
}
