/** The WebAssembly instructions that the emitter speaks: opcode, immediates, and what they take from and leave on the stack. */

export type ValueType = 'i32' | 'f32' | 'v128';

/** What follows the opcode: nothing, a memory address, a lane, both, or 16 lane numbers. */
export type Immediate = 'none' | 'memory' | 'lane' | 'memoryLane' | 'shuffle';

export interface Instruction {
  readonly code: readonly number[];
  readonly takes: readonly ValueType[];
  readonly gives: readonly ValueType[];
  readonly immediate: Immediate;
  /** Of memory instructions: bytes read or written. */
  readonly width: number;
}

const letters: Readonly<Record<string, ValueType>> = { i: 'i32', f: 'f32', v: 'v128' };

function group<Name extends string>(
  signature: string,
  codes: Readonly<Record<Name, number>>,
  options: { readonly prefix?: number; readonly immediate?: Immediate; readonly width?: number } = {},
): Record<Name, Instruction> {
  const [takes, gives] = signature.split(':').map((side) => [...side].map((letter) => letters[letter]!));
  const encode = (code: number): number[] => {
    if (options.prefix === undefined) return [code];
    return code < 0x80 ? [options.prefix, code] : [options.prefix, (code & 0x7f) | 0x80, code >> 7];
  };
  const entries = Object.entries<number>(codes).map(([name, code]): [string, Instruction] => [
    name,
    {
      code: encode(code),
      takes: takes!,
      gives: gives!,
      immediate: options.immediate ?? 'none',
      width: options.width ?? 0,
    },
  ]);
  return Object.fromEntries(entries) as Record<Name, Instruction>;
}

const simd = { prefix: 0xfd };
const memory = (width: number) => ({ immediate: 'memory', width }) as const;
const simdMemory = (width: number) => ({ prefix: 0xfd, immediate: 'memory', width }) as const;
const simdMemoryLane = (width: number) => ({ prefix: 0xfd, immediate: 'memoryLane', width }) as const;
const simdLane = { prefix: 0xfd, immediate: 'lane' } as const;
const atomic = { prefix: 0xfe, immediate: 'memory', width: 4 } as const;

export const instructions = {
  ...group('i:i', { 'i32.load': 0x28 }, memory(4)),
  ...group('i:f', { 'f32.load': 0x2a }, memory(4)),
  ...group('ii:', { 'i32.store': 0x36 }, memory(4)),
  ...group('if:', { 'f32.store': 0x38 }, memory(4)),
  ...group(':', { unreachable: 0x00 }),
  ...group('i:', { drop: 0x1a }),
  ...group('i:i', { 'i32.eqz': 0x45 }),
  ...group('ii:i', {
    'i32.eq': 0x46,
    'i32.ne': 0x47,
    'i32.lt_s': 0x48,
    'i32.lt_u': 0x49,
    'i32.gt_s': 0x4a,
    'i32.gt_u': 0x4b,
    'i32.le_s': 0x4c,
    'i32.le_u': 0x4d,
    'i32.ge_s': 0x4e,
    'i32.ge_u': 0x4f,
    'i32.add': 0x6a,
    'i32.sub': 0x6b,
    'i32.mul': 0x6c,
    'i32.div_s': 0x6d,
    'i32.rem_s': 0x6f,
    'i32.and': 0x71,
    'i32.or': 0x72,
    'i32.xor': 0x73,
    'i32.shl': 0x74,
    'i32.shr_s': 0x75,
    'i32.shr_u': 0x76,
  }),
  ...group('ff:i', {
    'f32.eq': 0x5b,
    'f32.ne': 0x5c,
    'f32.lt': 0x5d,
    'f32.gt': 0x5e,
    'f32.le': 0x5f,
    'f32.ge': 0x60,
  }),
  ...group('f:f', {
    'f32.abs': 0x8b,
    'f32.neg': 0x8c,
    'f32.ceil': 0x8d,
    'f32.floor': 0x8e,
    'f32.trunc': 0x8f,
    'f32.nearest': 0x90,
    'f32.sqrt': 0x91,
  }),
  ...group('ff:f', {
    'f32.add': 0x92,
    'f32.sub': 0x93,
    'f32.mul': 0x94,
    'f32.div': 0x95,
    'f32.min': 0x96,
    'f32.max': 0x97,
  }),
  ...group('i:f', { 'f32.convert_i32_s': 0xb2, 'f32.reinterpret_i32': 0xbe }),
  ...group('f:i', { 'i32.reinterpret_f32': 0xbc }),
  ...group('f:i', { 'i32.trunc_sat_f32_s': 0x00 }, { prefix: 0xfc }),

  ...group('i:i', { 'i32.atomic.load': 0x10 }, atomic),
  ...group('ii:', { 'i32.atomic.store': 0x17 }, atomic),
  ...group('ii:i', { 'memory.atomic.notify': 0x00, 'i32.atomic.rmw.add': 0x1e }, atomic),

  ...group('i:v', { 'v128.load': 0x00 }, simdMemory(16)),
  ...group('i:v', { 'v128.load32_splat': 0x09, 'v128.load32_zero': 0x5c }, simdMemory(4)),
  ...group('i:v', { 'v128.load64_zero': 0x5d }, simdMemory(8)),
  ...group('iv:', { 'v128.store': 0x0b }, simdMemory(16)),
  ...group('iv:v', { 'v128.load32_lane': 0x56 }, simdMemoryLane(4)),
  ...group('iv:', { 'v128.store32_lane': 0x5a }, simdMemoryLane(4)),
  ...group('iv:', { 'v128.store64_lane': 0x5b }, simdMemoryLane(8)),
  ...group('vv:v', { 'i8x16.shuffle': 0x0d }, { prefix: 0xfd, immediate: 'shuffle' }),
  ...group('i:v', { 'i32x4.splat': 0x11 }, simd),
  ...group('f:v', { 'f32x4.splat': 0x13 }, simd),
  ...group('v:i', { 'i32x4.extract_lane': 0x1b }, simdLane),
  ...group('vi:v', { 'i32x4.replace_lane': 0x1c }, simdLane),
  ...group('v:f', { 'f32x4.extract_lane': 0x1f }, simdLane),
  ...group('vf:v', { 'f32x4.replace_lane': 0x20 }, simdLane),
  ...group(
    'vv:v',
    {
      'i32x4.eq': 0x37,
      'i32x4.ne': 0x38,
      'i32x4.lt_s': 0x39,
      'i32x4.le_s': 0x3d,
      'f32x4.eq': 0x41,
      'f32x4.ne': 0x42,
      'f32x4.lt': 0x43,
      'f32x4.le': 0x45,
      'v128.and': 0x4e,
      'v128.andnot': 0x4f,
      'v128.or': 0x50,
      'v128.xor': 0x51,
      'i32x4.add': 0xae,
      'i32x4.sub': 0xb1,
      'i32x4.mul': 0xb5,
      'i32x4.min_s': 0xb6,
      'i32x4.max_s': 0xb8,
      'f32x4.add': 0xe4,
      'f32x4.sub': 0xe5,
      'f32x4.mul': 0xe6,
      'f32x4.div': 0xe7,
      'f32x4.min': 0xe8,
      'f32x4.max': 0xe9,
      'f32x4.pmin': 0xea,
      'f32x4.pmax': 0xeb,
    },
    simd,
  ),
  ...group(
    'v:v',
    {
      'v128.not': 0x4d,
      'i32x4.abs': 0xa0,
      'i32x4.neg': 0xa1,
      'f32x4.ceil': 0x67,
      'f32x4.floor': 0x68,
      'f32x4.trunc': 0x69,
      'f32x4.nearest': 0x6a,
      'f32x4.abs': 0xe0,
      'f32x4.neg': 0xe1,
      'f32x4.sqrt': 0xe3,
      'i32x4.trunc_sat_f32x4_s': 0xf8,
      'f32x4.convert_i32x4_s': 0xfa,
    },
    simd,
  ),
  ...group('vvv:v', { 'v128.bitselect': 0x52, 'f32x4.relaxed_madd': 0x105 }, simd),
  ...group('vi:v', { 'i32x4.shl': 0xab, 'i32x4.shr_s': 0xac, 'i32x4.shr_u': 0xad }, simd),
} as const;

export type InstructionName = keyof typeof instructions;
