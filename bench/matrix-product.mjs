/** Matrix products as the compiler emits them, in a module with nothing else. */

/** A module over a memory of its own, full of numbers. */
export function instance(bytes, pages) {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const numbers = new Float32Array(memory.buffer);
  for (let i = 0; i < numbers.length; i++) numbers[i] = Math.sin(i);
  const module = new WebAssembly.Module(bytes);
  const { run } = new WebAssembly.Instance(module, { env: { memory, origin: 0 } }).exports;
  return { run, numbers };
}

/** left[rows, depth] · right[depth, columns], a side stored transposed if that is asked for; `times` over in one run. */
export async function matrixProduct({ rows, columns, depth, transposed, times }) {
  const { emit, memoryNeeds } = await import('../dist/compiler/6-emit/wasm/index.js');
  const { blocked } = await import('../dist/compiler/5-plan/3-kernels/block.js');
  const regions = [];
  let end = 0;
  for (const elements of [rows * depth, depth * columns, rows * columns]) {
    const bytes = Math.ceil(elements / 4) * 16;
    regions.push({ name: 'matrix', kind: 'arena', dtype: 'float32', shape: [elements], offset: end, bytes });
    end += bytes;
  }
  const side = (region, free, step) => ({ region, offset: 0, batch: [], free, depth: step });
  const kernel = {
    kind: 'contract',
    name: 'product',
    batch: [],
    rows,
    columns,
    depth,
    left: transposed === 'left' ? side(0, 1, rows) : side(0, depth, 1),
    right: transposed === 'right' ? side(1, depth, 1) : side(1, 1, columns),
    body: [{ kind: 'accumulator', dtype: 'float32' }],
    stores: [{ access: { region: 2, strides: [columns, 1], offset: 0 }, value: 0 }],
    spans: [],
  };
  const plan = {
    name: 'bench',
    program: 'step',
    capacity: 1,
    regions,
    kernels: Array.from({ length: times }, () => blocked(kernel, regions)).flat(),
    inputs: [],
    outputs: [],
    stateBytes: 0,
    bytes: end,
    naiveBytes: end,
  };
  const { run, numbers } = instance(emit(plan), Math.ceil(memoryNeeds(plan).bytes / 65_536));
  const result = regions[2].offset / 4;
  return {
    operations: 2 * rows * columns * depth * times,
    run: () => {
      run(1);
      return numbers[result];
    },
  };
}
