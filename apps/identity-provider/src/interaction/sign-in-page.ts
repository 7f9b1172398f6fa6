import type { FieldErrors, FieldValues } from '@gatehouse/web';
import type { Response } from 'express';
import { translatorOf } from '../languages/speak.ts';
import type { Translate } from '../languages/translate.ts';
import type { Interaction } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';
import { passkeyOptions } from './passkey-options.ts';

export interface Answer {
  status?: number;
  values?: FieldValues;
  errors?: FieldErrors;
}

/** The sign-in form, which names the app that the person is going to. What was typed as login is kept. */
export function renderSignIn(
  deps: Pick<InteractionDependencies, 'issuer' | 'post' | 'passkeyKey'>,
  res: Response,
  interaction: Interaction,
  { status = 200, values = {}, errors = {} }: Answer = {},
): void {
  const { issuer, post } = deps;
  const t = translatorOf(res);
  const toLauncher = interaction.client.url === `${issuer}/`;
  res.status(status).render('interaction/sign-in', {
    title: t('signIn.title'),
    lede: toLauncher ? t('signIn.toYourApps') : t('signIn.toContinueTo', { app: interaction.client.title }),
    notice: noticeOf(t, interaction),
    interaction,
    passkeyOptions: passkeyOptions(deps, interaction),
    resetByMail: post !== undefined,
    cancelTo: toLauncher ? undefined : interaction.client.title,
    values: { login: values.login ?? interaction.loginHint ?? '' },
    errors,
  });
}

/** Why somebody who was signed in has to sign in again. The same words for a disabled account as for a missing one. */
function noticeOf(t: Translate, { prompt, reasons, client }: Interaction): string | undefined {
  if (prompt !== 'login' || reasons.includes('no_session')) return undefined;
  if (reasons.includes('login_prompt') || reasons.includes('max_age')) {
    return t('signIn.askedAgain', { app: client.title });
  }
  return t('signIn.noLongerValid');
}
