import { AccountsError, addTotp, createTotpSecret, factorsOf, removeTotp } from '@gatehouse/accounts';
import { findPerson } from '@gatehouse/directory';
import { EncryptionError } from '@gatehouse/encryption';
import { type FieldErrors, parseForm, requiredText } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import encodeQR from 'qr';
import { z } from 'zod';
import { refusal } from '../languages/refusal.ts';
import { translatorOf } from '../languages/speak.ts';
import { inEachLanguage } from '../languages/translate.ts';
import { tell } from '../mail/tell.ts';
import { continueAt, interactionToContinue } from './continue.ts';
import { type AccountDependencies, accountOwner, originOf, ownerOf } from './dependencies.ts';

const form = inEachLanguage((t) =>
  z.object({
    code: requiredText(t('authenticator.codeMissing'), 100, t('common.tooLong', { max: 100 })),
    sealed: z.string(),
  }),
);

/** A fresh secret to scan, for somebody who has no authenticator app yet. */
export function showAuthenticator(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const { totpSince } = await factorsOf(deps.pool, ownerOf(req).person.id);
    if (totpSince) return res.redirect(303, continueAt(req));
    await renderAuthenticator(deps, req, res);
  };
}

/** Takes the app as second factor once it shows the right code, and shows the recovery codes this one time. */
export function addAuthenticator(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const owner = accountOwner(req);
    const t = translatorOf(res);
    const parsed = parseForm(form(t), req.body);
    const secret = unseal(deps, req, (req.body as { sealed?: unknown } | undefined)?.sealed);
    if (!parsed.ok) return renderAuthenticator(deps, req, res.status(422), { secret, errors: parsed.errors });
    let codes: string[];
    try {
      codes = await addTotp(deps, { ...owner, secret, code: parsed.data.code, ...originOf(req) });
    } catch (error) {
      if (!(error instanceof AccountsError)) throw error;
      if (error.code === 'factor_exists') return res.redirect(303, continueAt(req));
      if (error.code !== 'code_wrong') throw error;
      return renderAuthenticator(deps, req, res.status(422), {
        secret,
        errors: { code: t('authenticator.codeWrong') },
      });
    }
    await tell(deps, res, owner.personId, t('letters.notice.what.authenticatorAdded'));
    res.render('account/recovery-codes', { codes, added: true, continueAt: continueAt(req) });
  };
}

export function removeAuthenticator(deps: AccountDependencies): RequestHandler {
  return async (req, res) => {
    const owner = accountOwner(req);
    const removed = await removeTotp(deps.pool, { ...owner, ...originOf(req) });
    if (removed) await tell(deps, res, owner.personId, translatorOf(res)('letters.notice.what.authenticatorRemoved'));
    res.redirect(303, '/account?done=authenticator-removed');
  };
}

/**
 * The secret travels with the form, sealed for this person, so that nothing is kept of a set-up that is given up and
 * several tabs do not disturb each other.
 */
async function renderAuthenticator(
  { pool, sealer, issuer }: AccountDependencies,
  req: Request,
  res: Response,
  { secret: known, errors = {} }: { secret?: string; errors?: FieldErrors } = {},
): Promise<void> {
  const { id } = ownerOf(req).person;
  const person = await findPerson(pool, id);
  const { secret, uri } = createTotpSecret({ issuer: new URL(issuer).host, login: person?.login ?? '' }, known);
  const picture = `data:image/svg+xml;base64,${Buffer.from(encodeQR(uri, 'svg', { border: 4 })).toString('base64')}`;
  const sealed = sealer.seal(secret, contextOf(id)).toString('base64url');
  const spaced = secret.match(/.{1,4}/g)?.join(' ');
  res.render('account/authenticator', {
    picture,
    secret: spaced,
    sealed,
    errors,
    interaction: interactionToContinue(req),
  });
}

function unseal({ sealer }: AccountDependencies, req: Request, sealed: unknown): string {
  try {
    return sealer.open(Buffer.from(String(sealed), 'base64url'), contextOf(ownerOf(req).person.id)).toString();
  } catch (cause) {
    if (!(cause instanceof EncryptionError)) throw cause;
    throw refusal(400, 'form_incomplete', { cause });
  }
}

const contextOf = (personId: string) => `authenticator app to be added by ${personId}`;
