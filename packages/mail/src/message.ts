/** A mail to one person: plain words, and at most one thing to do. */
export interface Message {
  to: { name: string; address: string };
  subject: string;
  /** How it begins, e.g. "Dear Grace Okafor,". */
  greeting: string;
  /** One paragraph each, without markup. */
  paragraphs: readonly string[];
  /** What the mail is for, as a link. */
  action?: { label: string; url: string };
}

export interface Mailer {
  /** Resolves once the mail has been taken for delivery. */
  send(message: Message): Promise<void>;
}

/** The mail as nodemailer takes it: the same words as text and as HTML, which loads nothing from anywhere. */
export function compose({ to, subject, greeting, paragraphs, action }: Message) {
  const words = [greeting.replace(/\s+/g, ' '), ...paragraphs];
  const text = [...words, ...(action ? [`${action.label}:\n${action.url}`] : [])].join('\n\n');
  const link = action && `<p><a href="${escapeHtml(action.url)}">${escapeHtml(action.label)}</a></p>`;
  const html = `${words.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n')}\n${link ?? ''}`;
  return { to, subject, text: `${text}\n`, html };
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
