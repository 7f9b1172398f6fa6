import type { Mailbox } from '@gatehouse/mail';
import { defineRoutes, type Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { refusal } from '../languages/refusal.ts';

/** All mail of this machine, for development: there is no mailbox where mail is really sent, and so no page. */
export function mailboxRoutes(mailbox: Mailbox | undefined): readonly Route[] {
  if (!mailbox) return [];
  const showAll: RequestHandler = async (_req, res) => {
    res.render('mailbox/mailbox', { mails: await mailbox.list() });
  };
  const showOne: RequestHandler = async (req, res) => {
    const mail = await mailbox.find(String(req.params.id));
    if (!mail) throw refusal(404, 'mail_unknown');
    res.render('mailbox/mail', { ...mail, parts: withLinks(mail.text) });
  };
  return defineRoutes<never>()([
    { method: 'get', path: '/mailbox', allow: 'public', handler: showAll },
    { method: 'get', path: '/mailbox/:id', allow: 'public', handler: showOne },
  ]);
}

/** The text in pieces, of which every second one is an address. */
const withLinks = (text: string): string[] => text.split(/(https?:\/\/\S+)/);
