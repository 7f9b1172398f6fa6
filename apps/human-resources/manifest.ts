import { defineApp } from '@gatehouse/directory/manifest';

export default defineApp({
  clientId: 'human-resources',
  title: 'Human Resources',
  description: 'Staff directory and leave',
  portOffset: 2,
  position: 20,
  accent: 'plum',
  roles: {
    employee: { title: 'Employee', description: 'Asks for leave and finds colleagues' },
    officer: { title: 'HR officer', description: "Sees and decides on everyone's leave" },
    auditor: { title: 'Auditor', description: 'Reads everything, changes nothing' },
  },
  accessRules: [
    { role: 'employee', department: 'chief-executive' },
    { role: 'employee', department: 'people' },
    { role: 'employee', department: 'finance' },
    { role: 'employee', department: 'digital' },
    { role: 'officer', designation: 'hr-officer' },
    { role: 'officer', designation: 'head-of-people' },
    { role: 'auditor', designation: 'internal-auditor' },
    { role: 'auditor', designation: 'director' },
  ],
  schema: 'human_resources',
  api: {
    scopes: { 'manager:read': 'Read who manages a person' },
    clients: { finance: ['manager:read'] },
  },
});
