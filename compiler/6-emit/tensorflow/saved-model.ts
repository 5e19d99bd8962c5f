/** A SavedModel as a message: one graph, what to run when it is loaded, and the ways in that have names. */
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { TfTensor } from '../../op/tensorflow.ts';
import type { NodeDef } from './graph-def.ts';
import { entry, message, text, typeNumbers, whole, writeGraph, writeShape } from './graph-def.ts';

/** A named way into the graph: which tensors to feed and which to fetch, by the caller's names. */
export interface Signature {
  readonly inputs: Readonly<Record<string, TfTensor>>;
  readonly outputs: Readonly<Record<string, TfTensor>>;
}

export interface SavedModelParts {
  readonly nodes: readonly NodeDef[];
  /** The node that gives variables their first values. */
  readonly initializer: string;
  readonly signatures: Readonly<Record<string, Signature>>;
  /** Where all ops run, such as `/device:CPU:0`; default TensorFlow's choice. */
  readonly device?: string | undefined;
}

/** What a loader asks for by this tag. */
export const tag = 'serve';

/** Says who wrote the file; it stands near its beginning. */
export const mark = 'written by Millrace';

const initOp = '__saved_model_init_op';
const predictMethod = 'tensorflow/serving/predict';

/** The bytes of `saved_model.pb`: tensorflow/core/protobuf/{saved_model,meta_graph}.proto. */
export function savedModel({ nodes, initializer, signatures, device }: SavedModelParts): Uint8Array {
  const writer = new BinaryWriter();
  whole(writer, 1, 1);
  message(writer, 2, (meta) => {
    message(meta, 1, (info) => {
      text(info, 1, mark);
      text(info, 4, tag);
      text(info, 5, '2.0.0');
    });
    message(meta, 2, writeGraph(nodes, device));
    entry(meta, 5, initOp, (signature) => {
      entry(signature, 2, initOp, (tensor) => {
        text(tensor, 1, initializer);
        message(tensor, 3, (shape) => whole(shape, 3, 1));
      });
    });
    for (const [name, signature] of Object.entries(signatures))
      entry(meta, 5, name, (own) => writeSignature(own, signature));
  });
  return writer.finish();
}

function writeSignature(writer: BinaryWriter, { inputs, outputs }: Signature): void {
  for (const [field, tensors] of [
    [1, inputs],
    [2, outputs],
  ] as const) {
    for (const [name, tensor] of Object.entries(tensors)) {
      entry(writer, field, name, (own) => {
        text(own, 1, tensor.name.includes(':') ? tensor.name : `${tensor.name}:0`);
        whole(own, 2, typeNumbers[tensor.dtype]);
        message(own, 3, (shape) => writeShape(shape, tensor.shape));
      });
    }
  }
  text(writer, 3, predictMethod);
}
