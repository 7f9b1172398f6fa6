export { administratorRole, hasAdministrator, lockAdministrators } from './administrators.ts';
export { type AppointmentEnd, endAppointment, type NewAppointment, startAppointment } from './appointments.ts';
export { type Changed, changeRights, type RightsChange, type RoleChange } from './change-rights.ts';
export { DirectoryError, type DirectoryErrorCode } from './errors.ts';
export { grantRole, type NewGrant, withdrawRole } from './grants.ts';
export { type AppToRegister, type Registration, registerApps, type UnknownCode } from './register-apps.ts';
export type { RetiredRole } from './register-roles.ts';
export { decideSecondFactor, type SecondFactorDecision } from './second-factor.ts';
