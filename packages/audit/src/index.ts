export { type AuditEntry, list } from './list.ts';
export { type AuditEvent, type AuditEventType, record } from './record.ts';
export { closeRefusals, recordRefusal } from './record-refusal.ts';
