export { type AppTile, appsOf, listApps, type RegisteredApp } from './apps.ts';
export { type Designation, designationsOf, managerOf, reportsOf } from './designations.ts';
export { normaliseEmail, normaliseLogin, parseEmail } from './identifiers.ts';
export { findOrganisation, type Organisation } from './organisation.ts';
export {
  countPeople,
  findNames,
  findPeople,
  findPerson,
  listPeople,
  type Person,
  type PersonStatus,
} from './people.ts';
export { rolesOf } from './roles.ts';
