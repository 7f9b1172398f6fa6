import { numberParam, type Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { actorOf } from '../claims/actor.ts';
import { maySee } from '../claims/claim.ts';
import { claimNotFound } from '../claims/claim-errors.ts';
import type { Deps, Role } from '../deps.ts';

/** Receipts leave as downloads that no browser opens in our origin: what is in them comes from outside. */
export function receiptRoutes({ prisma }: Deps): Route<Role>[] {
  const download: RequestHandler = async (req, res) => {
    const claim = await prisma.claim.findUnique({ where: { id: numberParam(req) }, include: { receipt: true } });
    if (!claim?.receipt || !maySee(actorOf(req), claim)) throw claimNotFound();
    const { fileName, contentType, content } = claim.receipt;
    res.attachment(fileName);
    res.set({ 'content-type': contentType, 'content-security-policy': "default-src 'none'; sandbox" });
    res.send(Buffer.from(content));
  };

  return [{ method: 'get', path: '/claims/:id/receipt', allow: 'anyone', handler: download }];
}
