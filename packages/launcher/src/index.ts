export { announceChange } from './organisation/announce-change.ts';
export { noteLeftApp } from './organisation/left-apps.ts';
export { type Org, runningOrg } from './organisation/org-file.ts';
export { type OrganisationOptions, startOrganisation } from './organisation/start-organisation.ts';
export { isFree } from './ports/index.ts';
export { isLauncherRunning } from './processes/run-record.ts';
export { loadSettings, type Settings } from './settings.ts';
