import { defineApp } from '@gatehouse/directory/manifest';

export default defineApp({
  clientId: 'service-desk',
  title: 'Service Desk',
  description: 'Help with computers, and what the council owns of them',
  portOffset: 4,
  position: 40,
  accent: 'rust',
  roles: {
    requester: { title: 'Requester', description: 'Raises tickets and follows them' },
    agent: { title: 'Agent', description: 'Takes and resolves tickets, keeps the assets' },
    auditor: { title: 'Auditor', description: 'Reads everything, changes nothing' },
  },
  accessRules: [
    { role: 'requester', department: 'council' },
    { role: 'agent', designation: 'service-desk-agent' },
    { role: 'agent', designation: 'head-of-digital' },
    { role: 'auditor', designation: 'director' },
  ],
  schema: 'service_desk',
});
