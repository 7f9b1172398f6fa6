export { type ConfirmedEmailChange, confirmEmailChange } from './email/confirm-change.ts';
export {
  cancelEmailChange,
  findEmailChange,
  findEmailChangeByToken,
  type PendingEmailChange,
} from './email/pending-change.ts';
export { emailChangeMinutes, requestEmailChange } from './email/request-change.ts';
export { AccountsError, type AccountsErrorCode } from './errors.ts';
export { addPasskey, type PasskeyToAdd, passkeyRegistrationOptions } from './factors/add-passkey.ts';
export { addTotp, createTotpSecret, type TotpSecret } from './factors/add-totp.ts';
export { authenticatePasskey, type PasskeyAttempt, passkeySignInOptions } from './factors/authenticate-passkey.ts';
export { checkSecondFactor, type SecondFactorAttempt } from './factors/check-second-factor.ts';
export { confirmByFactor, type FactorShown } from './factors/confirm-by-factor.ts';
export { type Factors, factorsOf, type PasskeySummary } from './factors/factors-of.ts';
export { normaliseCode } from './factors/normalise-code.ts';
export { makeRecoveryCodes } from './factors/recovery-codes.ts';
export {
  forgetOwnDevices,
  listRememberedDevices,
  type RememberedDevice,
  rememberDevice,
  rememberedDays,
  useRememberedDevice,
} from './factors/remembered-devices.ts';
export { type FactorRemoval, removeFactors, removePasskey, removeTotp } from './factors/remove-factors.ts';
export { totpContext } from './factors/totp.ts';
export { findPersonByLogin } from './find-person-by-login.ts';
export { createFirstAdministrator, type FirstAdministrator } from './first-administrator.ts';
export { type Invitation, type InvitedPerson, invitePerson } from './invite-person.ts';
export { createOneTimeLink, findLink, type LinkPurpose, wasJustUsed } from './one-time-links.ts';
export { changePassword } from './passwords/change-password.ts';
export { createPasswordHasher, type PasswordHasher } from './passwords/hasher.ts';
export { longestPassword } from './passwords/normalise.ts';
export { shortestPassword } from './passwords/policy.ts';
export { type RequestedReset, requestReset, resetMinutes } from './passwords/request-reset.ts';
export { setPasswordByLink } from './passwords/set-password.ts';
export { disablePerson, enablePerson } from './person-status.ts';
export { type Ending, type EndReason, endSessions, type SessionSelector } from './sessions/end-sessions.ts';
export { type EndedSignInState, type LiveSession, listEndedSignIns, listSessions } from './sessions/list-sessions.ts';
export type { Receipt, ReceiptLine } from './sessions/receipt.ts';
export { authenticate, type Credentials } from './sign-in/authenticate.ts';
export type { KnownDevice } from './sign-in/known-device.ts';
export type { AccountOwner, Proof } from './sign-in/proof.ts';
export { type CompletedSignIn, recordSignIn } from './sign-in/record-sign-in.ts';
export { beginSecondStep, endSecondStep, findSecondStep } from './sign-in/second-step.ts';
export type { ThrottlePolicy } from './sign-in/throttle.ts';
