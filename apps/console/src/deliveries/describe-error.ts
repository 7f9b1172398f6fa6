const texts: [RegExp, (found: RegExpExecArray) => string][] = [
  [/got: (\d{3})( [\w ]+)?/, ([, status, reason = '']) => `It answered ${status}${reason}.`],
  [/ECONNREFUSED/, () => 'Nothing listens at its address.'],
  [/ENOTFOUND|EAI_AGAIN/, () => 'Its host name is not known.'],
  [/ECONNRESET|UND_ERR_SOCKET/, () => 'It broke the connection off.'],
  [/CERT|certificate|SELF_SIGNED/, () => 'Its certificate is not trusted.'],
  [/timeout/i, () => 'It did not answer in time.'],
  [/special-use/, () => 'Its address is on a private network where it is not registered to live.'],
  [/not registered/, () => 'It is no longer registered to be told.'],
];

/** Why an app could not be told, in words; as the identity provider noted it where there are none. */
export function describeError(noted: string): string {
  for (const [pattern, text] of texts) {
    const found = pattern.exec(noted);
    if (found) return text(found);
  }
  return noted;
}
