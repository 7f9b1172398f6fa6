import { defineApp } from '@gatehouse/directory/manifest';

export default defineApp({
  clientId: 'finance',
  title: 'Finance',
  description: 'Expense claims',
  portOffset: 3,
  position: 30,
  accent: 'moss',
  roles: {
    claimant: { title: 'Claimant', description: 'Claims back what they spent' },
    approver: { title: 'Approver', description: 'Approves and refuses claims' },
    clerk: { title: 'Clerk', description: 'Pays approved claims' },
    auditor: { title: 'Auditor', description: 'Reads every claim, changes nothing' },
  },
  accessRules: [
    { role: 'claimant', department: 'chief-executive' },
    { role: 'claimant', department: 'people' },
    { role: 'claimant', department: 'finance' },
    { role: 'approver', designation: 'head-of-finance' },
    { role: 'approver', designation: 'director' },
    { role: 'clerk', designation: 'finance-clerk' },
    { role: 'auditor', designation: 'internal-auditor' },
    { role: 'auditor', designation: 'director' },
  ],
  schema: 'finance',
  calls: { 'human-resources': ['manager:read'] },
});
