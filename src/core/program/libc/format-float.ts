// printf's %f, %e, %g and %a of a double: exact digits, halves rounded to even as glibc does.

/** mantissa * 2 ** exponent, exactly; the value is finite and not negative. */
function exactly(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const fraction = bits & 0xfffffffffffffn;
  const biased = Number((bits >> 52n) & 0x7ffn);
  return biased === 0 ? { mantissa: fraction, exponent: -1074 } : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** numerator / denominator to the nearest integer, halves to even. */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  return twice > denominator || (twice === denominator && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

/** The value times 10 ** digits, rounded. */
function scaled(value: number, digits: number): bigint {
  const { mantissa, exponent } = exactly(value);
  let numerator = exponent > 0 ? mantissa << BigInt(exponent) : mantissa;
  let denominator = exponent < 0 ? 1n << BigInt(-exponent) : 1n;
  if (digits >= 0) numerator *= 10n ** BigInt(digits);
  else denominator *= 10n ** BigInt(-digits);
  return divideRounded(numerator, denominator);
}

function fixed(value: number, precision: number, keepPoint: boolean): string {
  const digits = scaled(value, precision)
    .toString()
    .padStart(precision + 1, '0');
  const whole = digits.slice(0, digits.length - precision);
  return precision === 0 ? `${whole}${keepPoint ? '.' : ''}` : `${whole}.${digits.slice(digits.length - precision)}`;
}

/** Digits (one before the point) and decimal exponent of a value with so many digits behind the point. */
function scientific(value: number, precision: number): { readonly digits: string; readonly exponent: number } {
  if (value === 0) return { digits: '0'.repeat(precision + 1), exponent: 0 };
  let exponent = Math.floor(Math.log10(value));
  // The logarithm may be off by one, and rounding may carry into a new digit.
  for (;;) {
    const digits = scaled(value, precision - exponent).toString();
    if (digits.length === precision + 1) {
      const lower = scaled(value, precision - exponent + 1).toString();
      if (lower.length > precision + 1) return { digits, exponent };
    }
    exponent += digits.length > precision + 1 ? 1 : -1;
  }
}

function withExponent(digits: string, exponent: number, keepPoint: boolean): string {
  const rest = digits.length > 1 ? `.${digits.slice(1)}` : keepPoint ? '.' : '';
  return `${digits.slice(0, 1)}${rest}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function general(value: number, given: number, alternate: boolean): string {
  const precision = given === 0 ? 1 : given;
  const { digits, exponent } = scientific(value, precision - 1);
  const trim = (text: string): string => (alternate || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  if (exponent >= -4 && exponent < precision) return trim(fixed(value, precision - 1 - exponent, alternate));
  const [mantissa = '', power = ''] = withExponent(digits, exponent, alternate).split('e');
  return `${trim(mantissa)}e${power}`;
}

function hexadecimal(value: number, precision: number | undefined): string {
  if (value === 0) return `0x0${precision === undefined || precision === 0 ? '' : `.${'0'.repeat(precision)}`}p+0`;
  let { mantissa, exponent } = exactly(value);
  exponent += 52;
  if (mantissa < 1n << 52n) exponent = -1022;
  let digits = 13;
  if (precision !== undefined && precision < 13) {
    mantissa = divideRounded(mantissa, 1n << BigInt(4 * (13 - precision)));
    digits = precision;
  }
  const text = mantissa.toString(16).padStart(digits + 1, '0');
  let fraction = text.slice(text.length - digits, text.length);
  if (digits === 0) fraction = '';
  const lead = text.slice(0, text.length - digits);
  if (precision === undefined) fraction = fraction.replace(/0+$/, '');
  else fraction = fraction.padEnd(precision, '0');
  return `0x${lead}${fraction === '' ? '' : `.${fraction}`}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
}

/** Text of a floating conversion, with its sign but without padding. `kind` is one of f F e E g G a A. */
export function formatFloat(kind: string, value: number, negative: boolean, flags: string, precision: number | undefined): string {
  const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const magnitude = Math.abs(value);
  const alternate = flags.includes('#');
  let text: string;
  if (Number.isNaN(value)) text = 'nan';
  else if (magnitude === Infinity) text = 'inf';
  else {
    switch (kind.toLowerCase()) {
      case 'f':
        text = fixed(magnitude, precision ?? 6, alternate);
        break;
      case 'e': {
        const { digits, exponent } = scientific(magnitude, precision ?? 6);
        text = withExponent(digits, exponent, alternate);
        break;
      }
      case 'g':
        text = general(magnitude, precision ?? 6, alternate);
        break;
      default:
        text = hexadecimal(magnitude, precision);
    }
  }
  return sign + (kind === kind.toUpperCase() ? text.toUpperCase() : text);
}
