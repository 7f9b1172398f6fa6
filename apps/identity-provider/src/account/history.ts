import { type AuditEntry, type AuditEventType, list } from '@gatehouse/audit';
import { listApps } from '@gatehouse/directory';
import { addressBlock } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { deviceInWords } from '../device.ts';
import { translatorOf } from '../languages/speak.ts';
import type { Translate } from '../languages/translate.ts';
import { type AccountDependencies, ownerOf } from './dependencies.ts';

type Kind = 'good' | 'warn' | 'bad' | 'info' | 'neutral';

/** What concerns the person themself; what administrators did to their rights stands elsewhere. */
const shown = {
  'sign_in.succeeded': 'good',
  'sign_in.failed': 'warn',
  'sign_in.throttled': 'bad',
  'confirmation.failed': 'warn',
  'session.ended': 'neutral',
  'password.set': 'info',
  'factor.added': 'info',
  'factor.removed': 'warn',
  'recovery_codes.made': 'info',
  'recovery_code.used': 'warn',
  'device.remembered': 'info',
  'devices.forgotten': 'info',
  'email.change_requested': 'info',
  'email.change_cancelled': 'neutral',
  'email.changed': 'warn',
  'link.created': 'info',
  'link.used': 'info',
} as const satisfies Partial<Record<AuditEventType, Kind>>;

type Shown = keyof typeof shown;

const perPage = 30;

/** Their sign-ins and what was done to their account, from the audit, the latest first. */
export function showHistory({ pool }: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { person } = ownerOf(req);
    const before =
      typeof req.query.before === 'string' && /^\d{1,18}$/.test(req.query.before) ? req.query.before : undefined;
    const types = Object.keys(shown) as Shown[];
    const [entries, apps] = await Promise.all([
      list(pool, { subjectPersonId: person.id, types, before, limit: perPage + 1 }),
      listApps(pool),
    ]);
    const titles = new Map(apps.map(({ clientId, title }) => [clientId, title]));
    const t = translatorOf(res);
    const events = entries.slice(0, perPage).map((entry) => inWords(t, entry, titles));
    res.render('account/history', { events, older: entries.length > perPage ? entries[perPage - 1]?.id : undefined });
  };
}

function inWords(
  t: Translate,
  { at, type, clientId, address, detail, recordedBy }: AuditEntry,
  titles: Map<string, string>,
) {
  const event = t(`history.events.${type as Shown}`);
  const app = clientId ? titles.get(clientId) : undefined;
  const place = address ? t('history.network', { block: addressBlock(address) }) : undefined;
  const device = typeof detail.device === 'string' ? deviceInWords(t, detail.device) : undefined;
  const recorder =
    recordedBy === 'identity-provider'
      ? undefined
      : t('history.recordedBy', { app: titles.get(recordedBy) ?? recordedBy });
  return {
    at,
    kind: shown[type as Shown],
    title: app ? t('history.forApp', { event, app }) : event,
    text: [device, place, recorder].filter(Boolean).join(', '),
  };
}
