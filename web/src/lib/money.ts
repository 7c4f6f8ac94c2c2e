// Money is a decimal string on the wire and a bigint of micros here; it never becomes a floating-point number.

const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,6}))?$/;

/** "0.35" → 350000n. Throws on anything that is not a decimal with at most six places. */
export function micros(decimal: string): bigint {
  const parts = DECIMAL.exec(decimal);
  if (!parts) throw new RangeError(`not an amount: ${decimal}`);
  const value = BigInt(parts[2] + (parts[3] ?? '').padEnd(6, '0'));
  return parts[1] ? -value : value;
}

/** "1234.500000" → "1,234.50": at least two places, no zeros after them, nothing rounded. */
export function amount(decimal: string): string {
  const parts = DECIMAL.exec(decimal);
  if (!parts) return decimal;
  const whole = parts[2]!.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, ',');
  const places = (parts[3] ?? '').replace(/0+$/, '').padEnd(2, '0');
  return `${parts[1]}${whole}.${places}`;
}

/** "0.350000", "USD" → "0.35 USD", with a space that does not break. */
export function money(decimal: string, currency: string): string {
  return currency ? `${amount(decimal)}\u00a0${currency}` : amount(decimal);
}

/** For sort: negative, zero or positive. */
export function compareMoney(a: string, b: string): number {
  const left = micros(a);
  const right = micros(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isZero(decimal: string): boolean {
  return micros(decimal) === 0n;
}
