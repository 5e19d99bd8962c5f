/** A variable as a session holds it: where its newest value lies. */
import type { Node } from '../../../compiler/ir/node.ts';
import type { Session as EngineSession, Numbers } from '../../engines/engine.ts';

export class Held {
  readonly leaf: Node;
  /** What programs call it, unique in the session. */
  readonly id: string;
  /** Raised with each change, so that whoever has a copy can tell whether it is the newest. */
  version = 0;
  #value: Numbers | undefined;
  #home: EngineSession | undefined;

  constructor(leaf: Node, id: string) {
    this.leaf = leaf;
    this.id = id;
  }

  /** What to call it in messages. */
  get label(): string {
    return this.leaf.name ?? this.leaf.given ?? 'a variable';
  }

  get hasValue(): boolean {
    return this.#home !== undefined || this.#value !== undefined;
  }

  /** A copy of the newest value. */
  read(): Numbers {
    const value = this.#home?.read(this.id) ?? this.#value?.slice();
    if (!value) throw new Error(`internal: ${this.id} has no value`);
    return value;
  }

  /** It has this value from now on; none, until it is initialised. */
  set(value: Numbers | undefined): void {
    this.#home = undefined;
    this.#value = value;
    this.version++;
  }

  /** Its newest value is the one in this engine's state. */
  liveIn(home: EngineSession): void {
    this.#home = home;
    this.#value = undefined;
    this.version++;
  }
}
