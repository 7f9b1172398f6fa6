import type { Request, Response } from 'express';
import { languageFor } from '../languages/choose-language.ts';
import { speak, translatorOf } from '../languages/speak.ts';
import type { Translate } from '../languages/translate.ts';
import { ACCOUNT, type Interaction, interactionOf, LAUNCHER } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';

/**
 * The interaction that a request is about, and from then on answers in the language that it asks for.
 *
 * @throws {InteractionError} when this browser has none by this id
 */
export async function openInteraction(
  { provider }: Pick<InteractionDependencies, 'provider'>,
  req: Request,
  res: Response,
): Promise<Interaction> {
  const interaction = await interactionOf(provider, req, res);
  speak(res, languageFor(req, interaction.uiLocales));
  const { client } = interaction;
  return { ...interaction, client: { ...client, title: titleIn(translatorOf(res), client) } };
}

/** Names of apps are the organisation's; our own pages have theirs in each language. */
export function titleIn(t: Translate, { clientId, title }: Interaction['client']): string {
  if (clientId === LAUNCHER) return t('launcher.title');
  return clientId === ACCOUNT ? t('account.title') : title;
}
