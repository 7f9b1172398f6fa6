/** What passwords are made of most often, besides names. Lower case, letters only. */
export const commonWords: readonly string[] = `
  password passwort passphrase welcome letmein changeme secret login iloveyou trustno admin administrator
  qwerty qwertyuiop asdfghjkl zxcvbnm abcdefghijklmnopqrstuvwxyz abc
  sunshine football baseball dragon monkey master superman princess
  gatehouse council department government govt dept office
  january february march april may june july august september october november december
  spring summer autumn winter monday tuesday wednesday thursday friday saturday sunday
`
  .trim()
  .split(/\s+/);
