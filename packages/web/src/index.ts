export { addressBlock, addressBlocks } from './address-block.ts';
export { type ApiAppOptions, createApiApp } from './api-app.ts';
export { dayField, readDay } from './calendar-day.ts';
export { type CsrfOptions, checkCsrf, csrf } from './csrf.ts';
export { dateFormats } from './date-formats.ts';
export { emailInWords } from './email-in-words.ts';
export { ConfigError, type ConfigOf, type Environment, parseEnvironment } from './environment/parse-environment.ts';
export {
  baseEnvironment,
  databaseUrl,
  organisationVariables,
  origin,
  relyingPartyEnvironment,
  secretKey,
} from './environment/variables.ts';
export { errorHandler, notFound } from './error-handler.ts';
export { expectedAddresses } from './expected-addresses.ts';
export { type FloodGuardOptions, floodGuard } from './flood-guard.ts';
export {
  type FieldErrors,
  type FieldValues,
  type FormResult,
  fieldErrors,
  formBody,
  parseForm,
  requiredText,
} from './forms.ts';
export { forwardedFor } from './forwarded-for.ts';
export { type HealthOptions, health } from './health.ts';
export { HttpError, type HttpErrorOptions } from './http-error.ts';
export { type Job, type JobOptions, startJob } from './job.ts';
export { createLog, type Logger, type LogOptions, requestLog } from './log.ts';
export { numberParam, uuidParam } from './params.ts';
export { createRelyingPartyApp, type RelyingPartyAppOptions } from './relying-party-app.ts';
export { requestId } from './request-id.ts';
export { answerOptions } from './routes/answer-options.ts';
export { deadForms, declaredRoutes, infrastructure, undeclaredRoutes } from './routes/inspect-routes.ts';
export { type DeclaredRoute, type Guard, leadTo, mountRoutes } from './routes/mount-routes.ts';
export { type Allow, defineRoutes, type Route } from './routes/route-manifest.ts';
export { type SecurityHeadersOptions, securityHeaders } from './security-headers.ts';
export { type RunningServer, type ServeOptions, serve } from './serve.ts';
export { staticAssets } from './static-assets.ts';
export { isStorable, readStorable, refuseUnstorable, requireStorable, storable } from './storable.ts';
export { errorTexts, lookTexts } from './texts.ts';
export type { Accent, NavLink, ViewApp, ViewAuth } from './view-locals.ts';
export { wantsPage } from './wants-page.ts';
export { createWebApp, type WebAppOptions } from './web-app.ts';
