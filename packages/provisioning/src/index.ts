export type { FirstPartyClient } from './client-registration.ts';
export { type DeprovisionOptions, deprovision } from './deprovision.ts';
export { ProvisioningError } from './errors.ts';
export { loginName } from './logins.ts';
export { type LocatedApp, loadManifests, readManifests } from './manifests.ts';
export { migrateAll } from './migrate-all.ts';
export { type ProvisionedApp, type ProvisionOptions, provision } from './provision.ts';
