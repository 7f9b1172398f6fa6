import { defineApp } from '@gatehouse/directory/manifest';

export default defineApp({
  clientId: 'console',
  title: 'Console',
  description: 'People, access, sessions and the audit trail',
  portOffset: 1,
  position: 90,
  kind: 'console',
  roles: {
    administrator: { title: 'Administrator', description: 'Invites and appoints people, gives roles, ends sessions' },
    auditor: { title: 'Auditor', description: 'Sees everything, changes nothing' },
  },
  accessRules: [
    { role: 'administrator', designation: 'identity-administrator' },
    { role: 'auditor', designation: 'internal-auditor' },
  ],
});
