import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createMailbox, createPostman, createSmtpMailer, type Message } from './index.ts';

const message: Message = {
  to: { name: 'Lena Novak', address: 'lena.novak@harbour.example' },
  subject: 'Choose your password',
  greeting: 'Dear Lena Novak,',
  paragraphs: ['An account is ready for you <here>.'],
  action: { label: 'Choose a password', url: 'https://id.example/set-password?token=a&b' },
};
const from = 'Gatehouse <no-reply@id.example>';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

describe('the local mailbox', () => {
  const newMailbox = () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
    cleanUps.push(() => rmSync(folder, { recursive: true }));
    return createMailbox({ folder: join(folder, 'mail'), from });
  };

  it('keeps what was sent, the latest first, and shares its folder with other processes', async () => {
    const mailbox = newMailbox();
    expect(await mailbox.list()).toEqual([]);
    await mailbox.send(message);
    await mailbox.send({ ...message, subject: 'Another' });
    const mails = await mailbox.list();
    expect(mails.map(({ subject }) => subject)).toEqual(['Another', 'Choose your password']);
    expect(mails[1]).toMatchObject({ to: message.to, text: expect.stringContaining('token=a&b') });
    expect(await mailbox.find(String(mails[1]?.id))).toEqual(mails[1]);
  });

  it.each(['../secrets', '1-1-1', ''])('finds nothing by %j', async (id) => {
    const mailbox = newMailbox();
    await mailbox.send(message);
    expect(await mailbox.find(id)).toBeUndefined();
  });
});

describe('the postman', () => {
  const soon = [1, 1];

  it('tries again while the server is away, and says when it gives up', async () => {
    const given: string[] = [];
    let calls = 0;
    const mailer = { send: async () => void (++calls < 3 && (await Promise.reject(new Error('away')))) };
    const postman = createPostman({ mailer, retryAfter: soon, onFailure: (_, { subject }) => given.push(subject) });
    postman.post(message);
    await postman.stop();
    expect([calls, given]).toEqual([3, []]);

    calls = -10;
    postman.post(message);
    await postman.stop();
    expect(given).toEqual(['Choose your password']);
  });
});

describe('SMTP', () => {
  /** As much of an SMTP server as one mail needs, without TLS. */
  async function startServer(): Promise<{ port: number; received: () => string }> {
    let received = '';
    const talk = (socket: Socket) => {
      let inData = false;
      socket.write('220 test\r\n');
      socket.on('data', (chunk) => {
        const text = String(chunk);
        received += text;
        if (inData) {
          if (!text.includes('\r\n.\r\n')) return;
          inData = false;
          return socket.write('250 taken\r\n');
        }
        if (text.startsWith('DATA')) {
          inData = true;
          return socket.write('354 go on\r\n');
        }
        socket.write('250 ok\r\n');
      });
      socket.on('error', () => {});
    };
    const server: Server = createServer(talk);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => server.close());
    return { port: (server.address() as AddressInfo).port, received: () => received };
  }

  it('sends one mail, the words as text and as HTML, with every character of HTML escaped', async () => {
    const server = await startServer();
    const mailer = createSmtpMailer({ url: `smtp://127.0.0.1:${server.port}`, from });
    cleanUps.push(mailer.close);
    await mailer.send(message);
    expect(server.received()).toContain('RCPT TO:<lena.novak@harbour.example>');
    expect(server.received()).toContain('Subject: Choose your password');
    expect(server.received()).toContain('&lt;here&gt;');
    expect(server.received()).not.toContain('<here>.</p>');
  });

  it('S71d lets nobody add a header or a recipient by a line break', async () => {
    const server = await startServer();
    const mailer = createSmtpMailer({ url: `smtp://127.0.0.1:${server.port}`, from });
    cleanUps.push(mailer.close);
    const name = 'Eve\r\nBcc: all@harbour.example';
    await mailer.send({
      ...message,
      to: { name, address: message.to.address },
      subject: `x\r\nBcc: all@harbour.example`,
    });
    expect(server.received()).not.toMatch(/^Bcc:/m);
    expect(server.received().match(/RCPT TO/g)).toHaveLength(1);
  });

  it('speaks to no server elsewhere without TLS', async () => {
    const server = await startServer();
    // Another name for this machine, which therefore counts as elsewhere.
    const mailer = createSmtpMailer({ url: `smtp://127.0.0.2:${server.port}`, from });
    cleanUps.push(mailer.close);
    await expect(mailer.send(message)).rejects.toThrow();
    expect(server.received()).not.toContain('RCPT TO');
  });
});
