import { defineApp } from '@gatehouse/directory/manifest';

export default defineApp({
  clientId: 'template',
  title: 'Noticeboard',
  description: 'Notices for all staff',
  portOffset: 5,
  position: 50,
  accent: 'slate',
  roles: {
    reader: { title: 'Reader', description: 'Reads notices and suggests new ones' },
    publisher: { title: 'Publisher', description: 'Publishes and withdraws notices' },
  },
  accessRules: [
    { role: 'reader', department: 'council' },
    { role: 'publisher', designation: 'hr-officer' },
    { role: 'publisher', designation: 'head-of-people' },
  ],
  schema: 'template',
});
