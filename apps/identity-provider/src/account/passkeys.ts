import { AccountsError, addPasskey, passkeyRegistrationOptions, removePasskey } from '@gatehouse/accounts';
import { EncryptionError, randomToken } from '@gatehouse/encryption';
import { type FieldErrors, parseForm, requiredText } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { deviceInWords, deviceOf } from '../device.ts';
import { translatorOf } from '../languages/speak.ts';
import { inEachLanguage } from '../languages/translate.ts';
import { tell } from '../mail/tell.ts';
import { parseJson } from '../parse-json.ts';
import { continueAt, interactionToContinue } from './continue.ts';
import { type AccountDependencies, accountOwner, originOf, ownerOf } from './dependencies.ts';

const form = inEachLanguage((t) =>
  z.object({
    name: requiredText(t('passkeys.nameMissing'), 60, t('common.tooLong', { max: 60 })),
    challenge: z.string(),
    response: z.string(),
  }),
);

export function showNewPasskey(deps: AccountDependencies): RequestHandler {
  return (req, res) => renderNewPasskey(deps, req, res, { name: deviceInWords(translatorOf(res), deviceOf(req)) });
}

/** Keeps the passkey that the browser has made. */
export function addOwnPasskey(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const owner = accountOwner(req);
    const t = translatorOf(res);
    const parsed = parseForm(form(t), req.body);
    if (!parsed.ok) return renderNewPasskey(deps, req, res.status(422), { name: '', errors: parsed.errors });
    const { name, response } = parsed.data;
    const challenge = unseal(deps, req, parsed.data.challenge);
    const { issuer, pool } = deps;
    try {
      if (!challenge) throw new AccountsError('passkey_refused', 'The challenge is not of this page');
      await addPasskey(pool, { ...owner, name, response: parseJson(response), challenge, issuer, ...originOf(req) });
    } catch (error) {
      if (!(error instanceof AccountsError)) throw error;
      if (error.code !== 'passkey_refused' && error.code !== 'factor_exists') throw error;
      const errors = { form: t(refusals[error.code]) };
      return renderNewPasskey(deps, req, res.status(422), { name, errors });
    }
    await tell(deps, res, owner.personId, t('letters.notice.what.passkeyAdded', { name }));
    res.redirect(303, continueAt(req, '/account?done=passkey'));
  };
}

export function removeOwnPasskey(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const owner = accountOwner(req);
    const id = String((req.body as { passkey?: unknown } | undefined)?.passkey);
    if (await removePasskey(deps.pool, { id, ...owner, ...originOf(req) })) {
      await tell(deps, res, owner.personId, translatorOf(res)('letters.notice.what.passkeyRemoved'));
    }
    res.redirect(303, '/account?done=passkey-removed');
  };
}

const refusals = {
  passkey_refused: 'passkeys.refused',
  factor_exists: 'passkeys.exists',
} as const;

/** The challenge travels with the form, sealed for this person; the passkey itself is what can be added only once. */
async function renderNewPasskey(
  { pool, sealer, issuer }: AccountDependencies,
  req: Request,
  res: Response,
  { name, errors = {} }: { name: string; errors?: FieldErrors },
): Promise<void> {
  const { id: personId } = ownerOf(req).person;
  const challenge = Buffer.from(randomToken(), 'base64url');
  const options = await passkeyRegistrationOptions(pool, { personId, challenge, issuer, title: 'Gatehouse' });
  const sealed = sealer.seal(challenge, contextOf(personId)).toString('base64url');
  const interaction = interactionToContinue(req);
  res.render('account/passkey', { options: JSON.stringify(options), sealed, values: { name }, errors, interaction });
}

function unseal({ sealer }: AccountDependencies, req: Request, sealed: string): Buffer | undefined {
  try {
    return sealer.open(Buffer.from(sealed, 'base64url'), contextOf(ownerOf(req).person.id));
  } catch (error) {
    if (error instanceof EncryptionError) return undefined;
    throw error;
  }
}

const contextOf = (personId: string) => `passkey to be added by ${personId}`;
