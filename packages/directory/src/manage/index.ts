export { type AppToRegister, type Registration, registerApps, type UnknownCode } from './register-apps.ts';
export type { RetiredRole } from './register-roles.ts';
export { endAppointment, grantRole, startAppointment, withdrawRole } from './rights.ts';
export { decideSecondFactor, type SecondFactorDecision } from './second-factor.ts';
