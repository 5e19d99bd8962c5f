/** TensorFlow's graph as messages: a node list, written in the protobuf wire format by its published field numbers. */
import { type BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Shape } from '../../ir/dim.ts';
import type { TfDType } from '../../op/tensorflow.ts';

/** A constant's numbers, as TensorFlow holds them in memory. */
export interface TensorContent {
  readonly dtype: TfDType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly flag: boolean }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly type: TfDType }
  | { readonly shape: Shape }
  | { readonly tensor: TensorContent };

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:1`, or `^node` for what must only have run before. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** DataType, tensorflow/core/framework/types.proto */
export const typeNumbers: Readonly<Record<TfDType, number>> = {
  float32: 1,
  int32: 3,
  bool: 10,
  resource: 20,
  uint32: 22,
};

/** The producer version of the GraphDef format whose ops are used here; every TensorFlow 2 reads it. */
const producer = 440;

export type Write = (writer: BinaryWriter) => void;

/** A message in a field of another. */
export function message(writer: BinaryWriter, field: number, write: Write): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

export function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

export function whole(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value);
}

/** One entry of a map from strings to messages. */
export function entry(writer: BinaryWriter, field: number, key: string, write: Write): void {
  message(writer, field, (pair) => {
    text(pair, 1, key);
    message(pair, 2, write);
  });
}

/** GraphDef, tensorflow/core/framework/graph.proto */
export function writeGraph(nodes: readonly NodeDef[], device?: string): Write {
  return (writer) => {
    for (const node of nodes) message(writer, 1, (own) => writeNode(own, node, device));
    message(writer, 4, (versions) => whole(versions, 1, producer));
  };
}

function writeNode(
  writer: BinaryWriter,
  { name, op, inputs, attributes }: NodeDef,
  device: string | undefined,
): void {
  text(writer, 1, name);
  text(writer, 2, op);
  if (device !== undefined) text(writer, 4, device);
  for (const input of inputs) text(writer, 3, input);
  for (const [key, value] of Object.entries(attributes))
    entry(writer, 5, key, (own) => writeAttribute(own, value));
}

/** AttrValue, tensorflow/core/framework/attr_value.proto */
function writeAttribute(writer: BinaryWriter, value: AttributeValue): void {
  if ('int' in value) whole(writer, 3, value.int);
  else if ('float' in value) writer.tag(4, WireType.Bit32).float(value.float);
  else if ('flag' in value) writer.tag(5, WireType.Varint).bool(value.flag);
  else if ('text' in value) text(writer, 2, value.text);
  else if ('type' in value) whole(writer, 6, typeNumbers[value.type]);
  else if ('shape' in value) message(writer, 7, (own) => writeShape(own, value.shape));
  else if ('ints' in value) {
    message(writer, 1, (list) => {
      for (const int of value.ints) whole(list, 3, int);
    });
  } else message(writer, 8, (own) => writeTensor(own, value.tensor));
}

/** TensorShapeProto: sizes that are decided in the run are −1. */
export function writeShape(writer: BinaryWriter, shape: Shape): void {
  for (const dim of shape) {
    message(writer, 2, (own) => {
      const size = typeof dim === 'number' ? dim : -1;
      if (size !== 0) whole(own, 1, size);
    });
  }
}

function writeTensor(writer: BinaryWriter, { dtype, shape, bytes }: TensorContent): void {
  whole(writer, 1, typeNumbers[dtype]);
  message(writer, 2, (own) => writeShape(own, shape));
  writer.tag(4, WireType.LengthDelimited).bytes(bytes);
}
