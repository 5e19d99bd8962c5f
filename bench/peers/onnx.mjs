/** ONNX Runtime for Node: answers for a row at a time: `node onnx.mjs FOLDER`. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readTask } from '../task-files.mjs';
import { serve, versionOf } from './serve.mjs';

const { columns, weights, sizes } = readTask(process.argv[2]);

// The field numbers of onnx.proto3, as far as a chain of dense layers needs them.
const float = 1;
const writer = () => new BinaryWriter();
const bytes = (field, part) => (w) => w.tag(field, WireType.LengthDelimited).bytes(part);
const text = (field, value) => (w) => w.tag(field, WireType.LengthDelimited).string(value);
const int = (field, value) => (w) => w.tag(field, WireType.Varint).int64(value);
const message = (...fields) => fields.reduce((w, field) => field(w), writer()).finish();

const initializer = ({ name, shape, values }) =>
  message(
    ...shape.map((dim) => int(1, dim)),
    int(2, float),
    text(8, name),
    bytes(9, new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength))),
  );
const node = (op, inputs, output) =>
  message(...inputs.map((name) => text(1, name)), text(2, output), text(3, output), text(4, op));
const matrix = (name, columns) => {
  const shape = message(bytes(1, message(text(2, 'rows'))), bytes(1, message(int(1, columns))));
  return message(text(1, name), bytes(2, message(bytes(1, message(int(1, float), bytes(2, shape))))));
};

function modelBytes() {
  const count = sizes.layers.length - 1;
  const nodes = Array.from({ length: count }, (_, i) => {
    const gemm = node('Gemm', [i ? `h${i}` : 'x', `dense.${i}.kernel`, `dense.${i}.bias`], `sum${i}`);
    return i < count - 1 ? [gemm, node('Relu', [`sum${i}`], `h${i + 1}`)] : [gemm];
  });
  const graph = message(
    ...nodes.flat().map((each) => bytes(1, each)),
    text(2, 'iris'),
    ...weights.map((weight) => bytes(5, initializer(weight))),
    bytes(11, matrix('x', sizes.layers[0])),
    bytes(12, matrix(`sum${count - 1}`, sizes.layers.at(-1))),
  );
  return message(int(1, 8), bytes(7, graph), bytes(8, message(int(2, 17))));
}

const session = await InferenceSession.create(modelBytes(), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
});
const [output] = session.outputNames;
const { values, shape } = columns.x;

await serve(
  async () => {
    const answers = await session.run({ x: new Tensor('float32', values, shape) });
    return answers[output].data.reduce((sum, number) => sum + number, 0);
  },
  await versionOf('onnxruntime-node'),
);
