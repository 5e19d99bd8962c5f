/** The user's modules: each is evaluated once, in the order of imports; its exports are live bindings. */
import { basename } from 'node:path';
import { ts } from 'ts-morph';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../diagnostics/diagnostic.ts';
import { SRC103, SRC113 } from '../../diagnostics/source.ts';
import { Broken, evaluate } from './expressions/evaluate.ts';
import { spanBetween, spanOf } from './place.ts';
import type { World } from './reading-context.ts';
import type { Binding } from './scope.ts';
import { Scope } from './scope.ts';
import { execute } from './statements/execute.ts';
import { declaredBy, hoist } from './statements/hoist.ts';

export type Exports = Map<string, Binding>;

/** Finds the file that a specifier means in a file, if it is one of the user's. */
export type Resolve = (specifier: string, from: string) => ts.SourceFile | undefined;

export class Modules {
  readonly diagnostics = new Set<Diagnostic>();
  /** Where each module exports each name. */
  readonly places = new Map<Binding, ts.Node>();
  private readonly world: World;
  private readonly resolve: Resolve;
  private readonly libraries: Readonly<Record<string, object>>;
  private readonly loaded = new Map<string, Exports>();

  constructor(world: World, resolve: Resolve, libraries: Readonly<Record<string, object>>) {
    this.world = world;
    this.resolve = resolve;
    this.libraries = libraries;
  }

  load(file: ts.SourceFile): Exports {
    const before = this.loaded.get(file.fileName);
    if (before) return before;
    const exports: Exports = new Map();
    this.loaded.set(file.fileName, exports);
    if (this.world.typeErrors.malformed.has(file.fileName)) return exports;
    if (file.fileName.endsWith('.json')) {
      this.json(file, exports);
      return exports;
    }
    const scope = new Scope(this.world);
    for (const statement of file.statements) {
      if (ts.isImportDeclaration(statement)) this.import(statement, scope);
    }
    hoist(file.statements, scope);
    // Hoisted functions are exported before the rest runs, so that modules may import each other.
    for (const statement of file.statements) {
      if (ts.isFunctionDeclaration(statement)) this.export(statement, scope, exports);
    }
    for (const statement of file.statements) {
      this.world.refuel();
      try {
        this.run(statement, scope, exports);
      } catch (thrown) {
        const error = isOverflow(thrown) ? tooDeep(statement) : thrown;
        if (!(error instanceof DiagnosticError)) throw error;
        for (const diagnostic of error.diagnostics) this.diagnostics.add(diagnostic);
        // Reading goes on; what this statement would have declared is known to be broken.
        for (const name of declaredBy(statement)) {
          if (!scope.own(name)?.ready) scope.initialise(name, new Broken(error));
        }
      }
      this.export(statement, scope, exports);
    }
    return exports;
  }

  /** What a JSON file holds: all of it by default, and its members by their names. */
  private json(file: ts.SourceFile, exports: Exports): void {
    let value: unknown;
    try {
      value = JSON.parse(file.text);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const at = Math.min(Number(/position (\d+)/.exec(message)?.[1] ?? 0), file.text.length);
      const broken = new DiagnosticError([
        SRC103({
          message: `${basename(file.fileName)} is no well-formed JSON`,
          span: spanBetween(file, at, Math.min(at + 1, file.text.length)),
          received: message,
          hint: 'JSON knows no comments and no comma before a closing bracket',
        }),
      ]);
      for (const diagnostic of broken.diagnostics) this.diagnostics.add(diagnostic);
      exports.set('default', constant(new Broken(broken)));
      return;
    }
    exports.set('default', constant(value));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    for (const [name, member] of Object.entries(value))
      if (name !== 'default') exports.set(name, constant(member));
  }

  private run(statement: ts.Statement, scope: Scope, exports: Exports): void {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return;
    if (ts.isExportAssignment(statement)) {
      const binding = constant(evaluate(statement.expression, scope));
      exports.set('default', binding);
      this.places.set(binding, statement.expression);
    } else {
      execute(statement, scope);
    }
  }

  private import(node: ts.ImportDeclaration, scope: Scope): void {
    const clause = node.importClause;
    if (!clause || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return;
    const get = this.exportsOf(node.moduleSpecifier, node);
    if (clause.name) scope.link(clause.name.text, get.one('default', clause.name));
    const named = clause.namedBindings;
    if (!named) return;
    if (ts.isNamespaceImport(named)) {
      scope.link(named.name.text, constant(get.all(named.name)));
      return;
    }
    for (const element of named.elements) {
      if (element.isTypeOnly) continue;
      scope.link(element.name.text, get.one((element.propertyName ?? element.name).text, element.name));
    }
  }

  /** Adds what a statement exports. */
  private export(statement: ts.Statement, scope: Scope, exports: Exports): void {
    if (ts.isExportDeclaration(statement)) {
      this.reexport(statement, scope, exports);
      return;
    }
    if (!ts.canHaveModifiers(statement)) return;
    const modifiers = ts.getModifiers(statement) ?? [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return;
    const isDefault = modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
    for (const name of isDefault && declaredBy(statement).length === 0
      ? ['default']
      : declaredBy(statement)) {
      const binding = scope.own(name);
      if (!binding) continue;
      exports.set(isDefault ? 'default' : name, binding);
      this.places.set(binding, placeOf(statement, name));
    }
  }

  private reexport(node: ts.ExportDeclaration, scope: Scope, exports: Exports): void {
    if (node.isTypeOnly) return;
    const { exportClause, moduleSpecifier } = node;
    if (!exportClause) {
      if (!moduleSpecifier) return;
      const source = this.moduleOf(moduleSpecifier);
      if (!(source instanceof Map)) return;
      for (const [name, binding] of source)
        if (name !== 'default' && !exports.has(name)) exports.set(name, binding);
      return;
    }
    if (ts.isNamespaceExport(exportClause)) {
      if (moduleSpecifier)
        exports.set(exportClause.name.text, constant(this.exportsOf(moduleSpecifier, node).all(node)));
      return;
    }
    for (const element of exportClause.elements) {
      if (element.isTypeOnly) continue;
      const inner = (element.propertyName ?? element.name).text;
      const binding = moduleSpecifier
        ? this.exportsOf(moduleSpecifier, node).one(inner, element)
        : scope.find(inner);
      if (!binding) continue;
      exports.set(element.name.text, binding);
      if (!this.places.has(binding)) this.places.set(binding, element.name);
    }
  }

  /** The user's module, the library's namespace, or nothing for all other modules. */
  private moduleOf(specifier: ts.Expression): Exports | object | undefined {
    if (!ts.isStringLiteralLike(specifier)) return undefined;
    const library = this.libraries[specifier.text];
    if (library) return library;
    const file = this.resolve(specifier.text, specifier.getSourceFile().fileName);
    return file && this.load(file);
  }

  private exportsOf(specifier: ts.Expression, node: ts.Node): Source {
    const module = this.moduleOf(specifier);
    const known = this.world.typeErrors.at(specifier);
    const text = ts.isStringLiteralLike(specifier) ? specifier.text : '';
    const host = (place: ts.Node): Binding =>
      constant(this.world.host(`it comes from '${text}', which exists only at run time`, place));
    const broken = (): Binding | undefined =>
      known ? constant(new Broken(new DiagnosticError([known]))) : undefined;
    if (module instanceof Map) {
      const exports: Exports = module;
      return {
        // A cycle of imports may ask before the module has got there; an empty binding is filled later.
        one: (name, place) => {
          const missing = this.world.typeErrors.at(place);
          const binding = exports.get(name);
          if (binding) return binding;
          if (missing) return constant(new Broken(new DiagnosticError([missing])));
          return late(exports, name);
        },
        all: () => Object.freeze(Object.fromEntries([...exports].map(([name, { value }]) => [name, value]))),
      };
    }
    if (module) {
      const namespace = module as Readonly<Record<string, unknown>>;
      return {
        one: (name, place) =>
          name in namespace ? constant(namespace[name]) : (this.unknownName(place) ?? host(place)),
        all: () => Object.freeze({ ...namespace }),
      };
    }
    return { one: (_, place) => broken() ?? host(place), all: () => (broken() ?? host(node)).value };
  }

  private unknownName(place: ts.Node): Binding | undefined {
    const known = this.world.typeErrors.at(place);
    return known && constant(new Broken(new DiagnosticError([known])));
  }
}

/** Whether brackets, calls or operators nest deeper than this process can follow. */
export function isOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}

function tooDeep(statement: ts.Statement): DiagnosticError {
  return new DiagnosticError([
    SRC113({
      message: 'this nests too deeply to be read',
      span: spanOf(statement),
      hint: 'give parts of it names of their own',
    }),
  ]);
}

interface Source {
  one(name: string, place: ts.Node): Binding;
  all(place: ts.Node): unknown;
}

function constant(value: unknown): Binding {
  return { value, mutable: false, ready: true };
}

/** Stands for an export that its module has not reached yet. */
function late(exports: Exports, name: string): Binding {
  return {
    mutable: false,
    get value() {
      return exports.get(name)?.value;
    },
    get ready() {
      return exports.get(name)?.ready ?? false;
    },
  };
}

function placeOf(statement: ts.Statement, name: string): ts.Node {
  if (ts.isVariableStatement(statement)) {
    const declaration = statement.declarationList.declarations.find(
      (each) => ts.isIdentifier(each.name) && each.name.text === name,
    );
    if (declaration) return declaration.name;
  }
  return statement;
}
