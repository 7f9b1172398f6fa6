/** Harbour Council, the demo organisation: five departments below one root, about sixty people with stable names. */

export const organisation = { name: 'Harbour Council', timeZone: 'Europe/London' };

/** Every demo person signs in with this. Production refuses to start while a demo person exists. */
export const demoPassword = 'lantern harbour 26';

export const departments = [
  { code: 'council', name: 'Harbour Council', parent: null },
  { code: 'chief-executive', name: "Chief Executive's Office", parent: 'council' },
  { code: 'people', name: 'Human Resources', parent: 'council' },
  { code: 'finance', name: 'Finance', parent: 'council' },
  { code: 'digital', name: 'Digital Services', parent: 'council' },
  { code: 'internal-audit', name: 'Internal Audit', parent: 'council' },
] as const;

/** A manager stands before those who report to them. */
export const designations = [
  { code: 'director', title: 'Director', department: 'chief-executive', reportsTo: null },
  { code: 'caseworker', title: 'Caseworker', department: 'chief-executive', reportsTo: 'director' },
  { code: 'head-of-people', title: 'Head of Human Resources', department: 'people', reportsTo: 'director' },
  { code: 'hr-officer', title: 'HR Officer', department: 'people', reportsTo: 'head-of-people' },
  { code: 'hr-assistant', title: 'HR Assistant', department: 'people', reportsTo: 'head-of-people' },
  { code: 'head-of-finance', title: 'Head of Finance', department: 'finance', reportsTo: 'director' },
  { code: 'finance-clerk', title: 'Finance Clerk', department: 'finance', reportsTo: 'head-of-finance' },
  { code: 'finance-assistant', title: 'Finance Assistant', department: 'finance', reportsTo: 'head-of-finance' },
  { code: 'head-of-digital', title: 'Head of Digital Services', department: 'digital', reportsTo: 'director' },
  { code: 'service-desk-agent', title: 'Service Desk Agent', department: 'digital', reportsTo: 'head-of-digital' },
  { code: 'digital-officer', title: 'Digital Officer', department: 'digital', reportsTo: 'head-of-digital' },
  {
    code: 'identity-administrator',
    title: 'Identity Administrator',
    department: 'digital',
    reportsTo: 'head-of-digital',
  },
  { code: 'internal-auditor', title: 'Internal Auditor', department: 'internal-audit', reportsTo: 'director' },
] as const;

export type DesignationCode = (typeof designations)[number]['code'];

export interface DemoPerson {
  name: string;
  /** Days relative to the day of seeding; `from` defaults to two years ago, `to` to open-ended. */
  appointments: { designation: DesignationCode; from?: number; to?: number }[];
  disabled?: true;
  /** Set for the people whom the launcher's table offers: what they are there to show. */
  note?: string;
}

/** The people to sign in as, each for a reason. */
export const cast: DemoPerson[] = [
  {
    name: 'Tomas Reyes',
    appointments: [{ designation: 'finance-clerk' }],
    note: 'pays approved claims; raises tickets; asks for leave',
  },
  {
    name: 'Grace Lindqvist',
    appointments: [{ designation: 'head-of-finance' }],
    note: 'approves claims; manages the finance team',
  },
  { name: 'Amelia Hart', appointments: [{ designation: 'hr-officer' }], note: 'decides on leave for everyone' },
  {
    name: 'Dev Patel',
    appointments: [{ designation: 'service-desk-agent' }],
    note: 'works tickets; no access to finance',
  },
  {
    name: 'Ruth Abara',
    appointments: [{ designation: 'internal-auditor' }],
    note: 'reads everything in finance and human resources, changes nothing',
  },
  { name: 'Eleanor Vance', appointments: [{ designation: 'director' }], note: 'opens every department, approves' },
  {
    name: 'Noor Haddad',
    appointments: [{ designation: 'identity-administrator' }],
    note: 'administers people in the console',
  },
  {
    name: 'Samuel Price',
    appointments: [{ designation: 'finance-assistant' }, { designation: 'head-of-people', from: -14, to: 60 }],
    note: 'two appointments: finance assistant, acting head of human resources',
  },
  { name: 'Lena Novak', appointments: [], note: 'new joiner: can sign in, no app is open to her yet' },
  {
    name: 'Victor Stone',
    appointments: [{ designation: 'finance-clerk', to: -30 }],
    disabled: true,
    note: 'disabled leaver: cannot sign in',
  },
];

const staff = (designation: DesignationCode, names: string[]): DemoPerson[] =>
  names.map((name) => ({ name, appointments: [{ designation }] }));

/** Everyone else. */
export const others: DemoPerson[] = [
  ...staff('caseworker', [
    'Aoife Brennan',
    'Bilal Rahman',
    'Carmen Diaz',
    'Daniel Osei',
    'Edith Palmer',
    'Femi Adeyemi',
  ]),
  ...staff('caseworker', ['Gwen Morris', 'Hana Suzuki', 'Ivan Petrov', 'Joanna Kaye', 'Karim Aziz', 'Lucy Fenn']),
  ...staff('hr-officer', ['Martha Quill', 'Niall Doyle']),
  ...staff('hr-assistant', ['Olive Tran', 'Pavel Dvorak', 'Quentin Hale', 'Rosa Marin', 'Stella Kim']),
  ...staff('finance-clerk', ['Theo Barnes', 'Uma Iyer', 'Wendy Clarke']),
  ...staff('finance-assistant', [
    'Yusuf Demir',
    'Zoe Hartley',
    'Adam Whitlock',
    'Bella Romano',
    'Callum Reid',
    'Dora Weiss',
  ]),
  ...staff('head-of-digital', ['Ines Carvalho']),
  ...staff('service-desk-agent', ['Erik Solberg', 'Farah Nasser', 'George Ling', 'Holly Spencer']),
  ...staff('digital-officer', ['Isla Munro', 'Jamal Carter', 'Kira Vogel', 'Leo Martins', 'Mina Park', 'Noah Ellis']),
  ...staff('identity-administrator', ['Owen Tate']),
  ...staff('internal-auditor', ['Priya Nair', 'Rafael Costa']),
  // Their time has passed or has not come: no right of theirs may be in force today.
  { name: 'Sofia Lund', appointments: [{ designation: 'finance-clerk', to: -1 }] },
  { name: 'Tariq Mahmood', appointments: [{ designation: 'service-desk-agent', from: 7 }] },
  { name: 'Una Gallagher', appointments: [{ designation: 'caseworker', to: 0 }] },
];

/** First name, dot, last name, lower case: `Tomas Reyes` is `tomas.reyes`. */
export const loginOf = (name: string): string => name.toLowerCase().replaceAll(' ', '.');
