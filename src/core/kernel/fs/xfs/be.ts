// Big-endian fields, as XFS keeps them on disk and in cached metadata blocks.
import type { View } from '../../../machine/view.ts';

/** Stores a value into a `__be16/__be32/__be64` member. */
export function putBe(view: View, value: bigint | number): void {
  view.write(swap(BigInt.asUintN(view.size * 8, BigInt(value)), view.size));
}

function swap(value: bigint, size: number): bigint {
  let out = 0n;
  for (let i = 0; i < size; i++) out = (out << 8n) | ((value >> BigInt(8 * i)) & 0xffn);
  return out;
}

/** Writes big-endian fields one after another into bytes. */
export class BeWriter {
  private readonly view: DataView;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u16(value: number): this {
    this.view.setUint16(this.offset, value);
    this.offset += 2;
    return this;
  }

  u32(value: bigint | number): this {
    this.view.setUint32(this.offset, Number(BigInt.asUintN(32, BigInt(value))));
    this.offset += 4;
    return this;
  }

  u64(value: bigint): this {
    this.view.setBigUint64(this.offset, BigInt.asUintN(64, value));
    this.offset += 8;
    return this;
  }

  skip(count: number): this {
    this.offset += count;
    return this;
  }
}
