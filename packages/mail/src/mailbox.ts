import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { compose, type Mailer } from './message.ts';

const stored = z.object({
  to: z.array(z.object({ name: z.string(), address: z.string() })).min(1),
  subject: z.string(),
  text: z.string(),
});

export interface MailInBox {
  id: string;
  at: Date;
  to: { name: string; address: string };
  subject: string;
  text: string;
}

/** Mail that is sent nowhere: everybody's lands in one folder of this machine, for development. */
export interface Mailbox extends Mailer {
  /** The latest first; 100 at most. */
  list(): Promise<MailInBox[]>;
  find(id: string): Promise<MailInBox | undefined>;
}

/** @param folder made when the first mail comes; several processes may share it */
export function createMailbox({ folder, from }: { folder: string; from: string }): Mailbox {
  const transport = createTransport({ jsonTransport: true }, { from });
  let sent = 0;

  async function read(name: string): Promise<MailInBox> {
    const { to, ...mail } = stored.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    const id = name.replace(/\.json$/, '');
    return { id, at: new Date(Number.parseInt(id, 10)), to: to[0] as MailInBox['to'], ...mail };
  }

  return {
    async send(message) {
      const { message: json } = await transport.sendMail(compose(message));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${Date.now()}-${process.pid}-${sent++}.json`;
      await writeFile(join(folder, name), String(json), { mode: 0o600 });
    },
    async list() {
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
      const latest = names.sort((a, b) => b.localeCompare(a, 'en', { numeric: true })).slice(0, 100);
      return Promise.all(latest.map(read));
    },
    async find(id) {
      if (!/^\d+-\d+-\d+$/.test(id)) return undefined;
      return read(`${id}.json`).catch(() => undefined);
    },
  };
}
