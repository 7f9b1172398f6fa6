import type { Response } from 'express';
import type { Interaction, SignedInPerson } from '../protocol/index.ts';

/** The app asked that the person choose who to be. */
export function renderAccountChoice(res: Response, interaction: Interaction, person: SignedInPerson): void {
  res.render('interaction/account-choice', {
    title: 'Choose an account',
    lede: `to continue to ${interaction.client.title}`,
    interaction,
    person,
  });
}
