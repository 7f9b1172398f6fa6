import type { Response } from 'express';
import { translatorOf } from '../languages/speak.ts';
import type { Interaction, SignedInPerson } from '../protocol/index.ts';

/** The app asked that the person choose who to be. */
export function renderAccountChoice(res: Response, interaction: Interaction, person: SignedInPerson): void {
  const t = translatorOf(res);
  res.render('interaction/account-choice', {
    title: t('signIn.choose.title'),
    lede: t('signIn.toContinueTo', { app: interaction.client.title }),
    interaction,
    person,
  });
}
