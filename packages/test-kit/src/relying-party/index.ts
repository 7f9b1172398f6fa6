export { describeApi } from './describe-api.ts';
export { describeRelyingParty } from './describe-relying-party.ts';
export { signInAs, type Visitor } from './sign-in-as.ts';
export { type CallingApp, signInAtCaller } from './sign-in-at-caller.ts';
export {
  type AppSurroundings,
  type RelyingParty,
  type RunningRelyingParty,
  startRelyingParty,
} from './start-relying-party.ts';
