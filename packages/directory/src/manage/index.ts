export { type AppToRegister, registerApps, type UnknownCode } from './register-apps.ts';
export { endAppointment, grantRole, startAppointment, withdrawRole } from './rights.ts';
export { decideSecondFactor, type SecondFactorDecision } from './second-factor.ts';
