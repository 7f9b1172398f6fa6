const pounds = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' });

/** `123450` pence as `£1,234.50`. */
export const formatMoney = (pence: number): string => pounds.format(pence / 100);

/** `123450` pence as `1234.50`, the way a form field holds it. */
export const moneyInput = (pence: number): string => (pence / 100).toFixed(2);

const written = /^£?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/;

/** Pence from what people type: `12`, `12.5`, `£1,234.50`. `undefined` for anything else, half pennies included. */
export function parseMoney(text: string): number | undefined {
  const [, whole, pence = ''] = written.exec(text.trim()) ?? [];
  if (whole === undefined) return undefined;
  return Number(whole.replaceAll(',', '')) * 100 + Number(pence.padEnd(2, '0'));
}
