import { designationsOf, listApps } from '@gatehouse/directory';
import type { Response } from 'express';
import { translatorOf } from '../languages/speak.ts';
import type { Interaction, SignedInPerson } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';

/**
 * Says in plain words why this app does not open for this person: whom it is open to, and what they hold today.
 * It names posts and departments, never other people.
 */
export async function renderWhyNot(
  { pool }: InteractionDependencies,
  res: Response,
  interaction: Interaction,
  person: SignedInPerson,
): Promise<void> {
  const [apps, held] = await Promise.all([listApps(pool), designationsOf(pool, person.personId)]);
  const t = translatorOf(res);
  const rules = apps.find(({ clientId }) => clientId === interaction.client.clientId)?.rules ?? [];
  res.status(403).render('interaction/why-not', {
    title: t('whyNot.title', { app: interaction.client.title }),
    interaction,
    person,
    openTo: [
      ...new Set(rules.map(({ designation, department }) => designation ?? t('whyNot.everyoneIn', { department }))),
    ],
    designations: held.map(({ title }) => title),
  });
}
