/** How long to wait, as people say it. `seconds` is 1 by default. */
export function waitInWords(seconds = 1): string {
  const [amount, unit] = seconds < 100 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return amount === 1 ? `1 ${unit}` : `${amount} ${unit}s`;
}
