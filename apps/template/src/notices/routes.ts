import { record } from '@gatehouse/audit';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes, HttpError, parseForm, requiredText, uuidParam } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import manifest from '../../manifest.ts';
import type { NoticeStatus, PrismaClient } from '../../prisma/generated/client.ts';

const noticeForm = z.object({
  title: requiredText('Enter a title', 80),
  text: requiredText('Enter the text of the notice', 2000),
});

/** Everybody reads and suggests notices; publishers decide which of them everybody sees. */
export function noticeRoutes({ prisma }: { prisma: PrismaClient }) {
  async function renderNotices(req: Request, res: Response, form = {}) {
    const isPublisher = req.auth?.roles.includes('publisher') === true;
    const notices = await prisma.notice.findMany({
      where: isPublisher ? {} : { OR: [{ status: 'published' }, { authorId: req.auth?.person.id ?? '' }] },
      orderBy: { writtenAt: 'desc' },
      take: 50,
    });
    res.render('notices/notices', { notices, isPublisher, ...form });
  }

  const suggest: RequestHandler = async (req, res) => {
    const form = parseForm(noticeForm, req.body);
    if (!form.ok) return renderNotices(req, res.status(422), form);
    const { id, name } = req.auth!.person;
    await prisma.notice.create({ data: { ...form.data, authorId: id, authorName: name } });
    res.redirect(303, '/?done=suggested');
  };

  const decide =
    (status: NoticeStatus, ...from: NoticeStatus[]): RequestHandler =>
    async (req, res) => {
      const id = uuidParam(req);
      await prisma.$transaction(async (tx) => {
        const { count } = await tx.notice.updateMany({ where: { id, status: { in: from } }, data: { status } });
        if (count === 0) throw new HttpError(409, 'notice_not_open', `This notice cannot be ${status} any more.`);
        await record(tx, {
          type: `app.${manifest.clientId}.notice_${status}`,
          clientId: manifest.clientId,
          actorPersonId: req.auth!.person.id,
          requestId: String(req.id),
          detail: { noticeId: id },
        });
      });
      res.redirect(303, `/?done=${status}`);
    };

  const publish = decide('published', 'suggested');
  const withdraw = decide('withdrawn', 'suggested', 'published');

  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/', allow: 'anyone', handler: (req, res) => renderNotices(req, res) },
    { method: 'post', path: '/notices', form: '/', allow: ['reader', 'publisher'], handler: suggest },
    { method: 'post', path: '/notices/:id/publish', form: '/', allow: 'publisher', handler: publish },
    { method: 'post', path: '/notices/:id/withdraw', form: '/', allow: 'publisher', handler: withdraw },
  ]);
}
