import { record } from '@gatehouse/audit';
import { findPerson } from '@gatehouse/directory';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes, fieldErrors, HttpError, requiredText } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import manifest from '../../manifest.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';

const noticeBody = z.strictObject({
  title: requiredText('Enter a title', 80),
  text: requiredText('Enter the text of the notice', 2000),
});

/** Other apps read what is published and suggest notices, on behalf of a person who is signed in there. */
export function noticeRoutes({ pool, prisma }: { pool: Pool; prisma: PrismaClient }) {
  const list: RequestHandler = async (_req, res) => {
    const notices = await prisma.notice.findMany({
      where: { status: 'published' },
      orderBy: { writtenAt: 'desc' },
      take: 50,
      select: { id: true, title: true, text: true },
    });
    res.json({ notices });
  };

  const suggest: RequestHandler = async (req, res) => {
    const body = noticeBody.safeParse(req.body);
    if (!body.success) return void res.status(422).json({ error: 'invalid', fields: fieldErrors(body.error) });
    const { personId, clientId: caller } = req.caller!;
    const person = await findPerson(pool, personId);
    if (!person) throw new HttpError(404, 'person_not_found', 'There is no such person.');
    const id = await prisma.$transaction(async (tx) => {
      const notice = await tx.notice.create({ data: { ...body.data, authorId: person.id, authorName: person.name } });
      await record(tx, {
        type: `app.${manifest.clientId}.notice_suggested`,
        clientId: manifest.clientId,
        // An actor would be somebody who has signed in to this app.
        subjectPersonId: person.id,
        requestId: String(req.id),
        detail: { noticeId: notice.id, caller },
      });
      return notice.id;
    });
    res.status(201).json({ id });
  };

  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/api/notices', allow: { scope: 'notices:read' }, handler: list },
    { method: 'post', path: '/api/notices', allow: { scope: 'notices:write' }, handler: suggest },
  ]);
}
