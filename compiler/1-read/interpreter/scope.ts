/** The names that are visible at a place of the program, and what they stand for. */
import type { World } from './reading-context.ts';

/** A variable. Modules share bindings, so that imports see what the exporter assigns. */
export interface Binding {
  value: unknown;
  readonly mutable: boolean;
  /** False from the start of its block to its declaration. */
  ready: boolean;
}

export class Scope {
  readonly world: World;
  private readonly outer: Scope | undefined;
  private names: Map<string, Binding> | undefined;
  /** What `this` means here; only functions and modules say. */
  private readonly receiver: { readonly value: unknown } | undefined;
  /** Where `var` declarations go. */
  readonly owner: Scope;

  constructor(world: World, outer?: Scope, receiver?: { readonly value: unknown }) {
    this.world = world;
    this.outer = outer;
    this.receiver = receiver;
    this.owner = receiver || !outer ? this : outer.owner;
  }

  /** A block inside this one. */
  block(): Scope {
    return new Scope(this.world, this);
  }

  /** The body of a function that closes over this scope; arrow functions keep the outer `this`. */
  body(receiver: unknown, isArrow: boolean): Scope {
    return new Scope(this.world, this, isArrow ? { value: this.self } : { value: receiver });
  }

  get self(): unknown {
    return this.receiver ? this.receiver.value : this.outer?.self;
  }

  /** Makes a name known; it is read only after `initialise`. A second declaration of one name keeps the first. */
  declare(name: string, mutable: boolean): void {
    if (!this.names?.has(name)) this.set(name, { value: undefined, mutable, ready: false });
  }

  initialise(name: string, value: unknown): void {
    const binding = this.names?.get(name);
    if (binding) {
      binding.value = value;
      binding.ready = true;
    } else {
      this.set(name, { value, mutable: true, ready: true });
    }
  }

  /** Makes a name stand for another module's binding. */
  link(name: string, binding: Binding): void {
    this.set(name, binding);
  }

  private set(name: string, binding: Binding): void {
    this.names ??= new Map();
    this.names.set(name, binding);
  }

  own(name: string): Binding | undefined {
    return this.names?.get(name);
  }

  find(name: string): Binding | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.outer) {
      const binding = scope.names?.get(name);
      if (binding) return binding;
    }
    return undefined;
  }
}
