// Puts what intrinsics read and write on record: the memory's own methods are wrapped, for the interpreter does not go through them.

import { high, low, type Memory } from '../../../src/core/machine/memory.ts';
import { PAGE } from '../../../src/core/machine/paging.ts';
import { Op, type Words } from './recording.ts';

/** `listening` gives the record while the body of an intrinsic runs. */
export function watchMemory(memory: Memory, listening: () => Words | undefined): void {
  const plain = {
    readUnsigned: memory.readUnsigned.bind(memory),
    readBytes: memory.readBytes.bind(memory),
    writeUnsigned: memory.writeUnsigned.bind(memory),
    writeBytes: memory.writeBytes.bind(memory),
    fill: memory.fill.bind(memory),
    copy: memory.copy.bind(memory),
    open: memory.open.bind(memory),
  };
  const wrote = (address: bigint, size: number): void => {
    const ops = listening();
    if (ops === undefined || size === 0) return;
    ops.push(Op.Write, address, size);
    ops.pushBytes(plain.readBytes(address, size));
  };
  const read = (address: bigint, size: number): void => {
    const ops = listening();
    if (ops === undefined || size === 0 || !isInitialised(memory, address, size)) return;
    ops.push(Op.Read, address, size);
    ops.pushBytes(plain.readBytes(address, size));
  };
  memory.readUnsigned = (address, size) => {
    const value = plain.readUnsigned(address, size);
    read(address, size);
    return value;
  };
  memory.readBytes = (address, size) => {
    const bytes = plain.readBytes(address, size);
    read(address, size);
    return bytes;
  };
  memory.writeUnsigned = (address, size, value) => {
    plain.writeUnsigned(address, size, value);
    wrote(address, size);
  };
  memory.writeBytes = (address, bytes) => {
    plain.writeBytes(address, bytes);
    wrote(address, bytes.length);
  };
  memory.fill = (address, size, byte) => {
    plain.fill(address, size, byte);
    listening()?.push(Op.Fill, address, size, byte);
  };
  memory.copy = (to, from, size) => {
    plain.copy(to, from, size);
    wrote(to, size);
  };
  memory.open = (address, size, zeroed) => {
    plain.open(address, size, zeroed);
    listening()?.push(Op.Fill, address, size, 0);
  };
}

function isInitialised(memory: Memory, address: bigint, size: number): boolean {
  const { pages } = memory;
  for (let i = 0; i < size; i++) {
    const at = address + BigInt(i);
    const base = pages.forRead(low(at), high(at));
    if (base < 0 || pages.shadow8[base + (low(at) & (PAGE - 1))] !== 0) return false;
  }
  return true;
}
