/** What TypeScript reports on the user's files, as diagnostics, and at which pieces of syntax. */
import { ts } from 'ts-morph';
import type { Diagnostic, Label } from '../../diagnostics/diagnostic.ts';
import { SRC101, SRC102, SRC103, SRC104 } from '../../diagnostics/source.ts';
import type { Span } from '../../ir/span.ts';
import { spanBetween, spanOf } from './place.ts';

/** Codes that follow from a package without types: values of type any that strict mode forbids. */
const consequencesOfAny = new Set([7005, 7006, 7008, 7010, 7011, 7019, 7031, 7034, 7053]);
const cannotFindModule = new Set([2307, 2792, 7016]);
const noSuchProperty = new Set([2339, 2551]);

export class TypeErrors {
  readonly diagnostics: Diagnostic[] = [];
  /** Files that do not parse: nothing more can be said of them. */
  readonly malformed = new Set<string>();
  /** The innermost call around each error, functions apart; its own place where there is none. */
  readonly calls = new Map<Diagnostic, Span>();
  /** What was taken back; a model that is read later may still take back more. */
  readonly withdrawn = new Set<Diagnostic>();
  private readonly places = new Map<ts.Node, Diagnostic[]>();
  private readonly starts = new Set<string>();

  constructor(program: ts.Program, files: readonly ts.SourceFile[]) {
    const checker = program.getTypeChecker();
    for (const file of files) {
      const syntactic = program.getSyntacticDiagnostics(file);
      if (syntactic.length > 0) {
        this.malformed.add(file.fileName);
        this.diagnostics.push(...syntactic.slice(0, 10).map((error) => this.syntax(error)));
        continue;
      }
      const errors = program.getSemanticDiagnostics(file);
      const untyped = errors.some((error) => cannotFindModule.has(error.code) && !isRelative(error));
      for (const error of errors) {
        if (untyped && consequencesOfAny.has(error.code)) continue;
        this.add(file, error, checker);
      }
    }
  }

  /** The error that TypeScript reports at a piece of syntax or directly inside it, functions apart. */
  at(node: ts.Node): Diagnostic | undefined {
    return this.places.get(node)?.[0];
  }

  /** Takes back what is reported at a piece of syntax, because something better is known of it. */
  withdraw(node: ts.Node): void {
    for (const known of this.places.get(node) ?? []) {
      const at = this.diagnostics.indexOf(known);
      if (at >= 0) this.diagnostics.splice(at, 1);
      this.withdrawn.add(known);
    }
  }

  private add(file: ts.SourceFile, error: ts.Diagnostic, checker: ts.TypeChecker): void {
    const start = error.start ?? 0;
    // Two errors of one place have one cause.
    if (this.starts.has(`${file.fileName}:${start}`)) return;
    this.starts.add(`${file.fileName}:${start}`);
    const node = nodeAt(file, start, start + (error.length ?? 0));
    const diagnostic = explain(file, error, node, checker);
    this.diagnostics.push(diagnostic);
    if (diagnostic.severity !== 'error') return;
    this.calls.set(diagnostic, callAround(node) ?? diagnostic.span);
    for (let place: ts.Node | undefined = node; place && !ts.isSourceFile(place); place = place.parent) {
      this.places.set(place, [...(this.places.get(place) ?? []), diagnostic]);
      if (ts.isStatement(place) || (ts.isFunctionLike(place) && place !== node)) break;
    }
  }

  private syntax(error: ts.DiagnosticWithLocation): Diagnostic {
    const span = spanBetween(error.file, error.start, error.start + Math.max(1, error.length));
    return SRC101({ message: sentence(messageOf(error)[0]!), span, label: `TS${error.code}` });
  }
}

function explain(
  file: ts.SourceFile,
  error: ts.Diagnostic,
  node: ts.Node,
  checker: ts.TypeChecker,
): Diagnostic {
  const span = spanBetween(file, error.start ?? 0, (error.start ?? 0) + (error.length ?? 0));
  if (cannotFindModule.has(error.code)) {
    const specifier = ts.isStringLiteralLike(node) ? node.text : node.getText(file);
    if (isRelative(error) && error.code === 7016) {
      return SRC103({
        message: `the module ${specifier} is JavaScript without types`,
        span,
        hint: 'write it in TypeScript, or put its types beside it in a .d.ts file',
      });
    }
    return isRelative(error)
      ? SRC103({
          message: `there is no module ${specifier} beside this file`,
          span,
          hint: 'check the path and its ending',
        })
      : SRC104({
          message: `the types of the package ${specifier} are not found; what it gives is taken as it comes`,
          span,
          hint: `npm install ${specifier}`,
        });
  }
  const [first = '', ...more] = messageOf(error);
  const meant = /Did you mean (?:to write )?'([^']+)'\?/.exec(first)?.[1];
  const members = noSuchProperty.has(error.code) ? columnsOf(node, checker) : undefined;
  if (members && ts.isIdentifier(node)) {
    return SRC102({
      message: `there is no column ${node.text}`,
      span,
      label: `TS${error.code}`,
      expected: `one of ${members.join(', ')}`,
      received: node.text,
      ...(meant && { hint: `did you mean ${meant}?` }),
    });
  }
  const deepest = more.at(-1)?.trim();
  return SRC102({
    message: sentence(first.replace(/ Did you mean [^?]*\?/, '')),
    span,
    label: `TS${error.code}`,
    labels: related(error),
    ...(deepest && { received: sentence(deepest) }),
    ...(meant && { hint: `did you mean ${meant}?` }),
  });
}

/** The columns of the dataset, when the property was looked up on a row of it. */
function columnsOf(node: ts.Node, checker: ts.TypeChecker): string[] | undefined {
  const { parent } = node;
  let type: ts.Type | undefined;
  if (ts.isPropertyAccessExpression(parent)) type = checker.getTypeAtLocation(parent.expression);
  else if (ts.isBindingElement(parent)) type = checker.getTypeAtLocation(parent.parent);
  if (type?.aliasSymbol?.name !== 'Columns' && type?.aliasSymbol?.name !== 'Row') return undefined;
  return type.getProperties().map((property) => property.name);
}

function related(error: ts.Diagnostic): Label[] {
  return (error.relatedInformation ?? []).flatMap(({ file, start, length, messageText }) =>
    file && start !== undefined && !file.isDeclarationFile && !file.fileName.includes('/node_modules/')
      ? [
          {
            span: spanBetween(file, start, start + (length ?? 0)),
            text: sentence(ts.flattenDiagnosticMessageText(messageText, ' ')),
          },
        ]
      : [],
  );
}

function messageOf(error: ts.Diagnostic): string[] {
  return ts.flattenDiagnosticMessageText(error.messageText, '\n').split('\n');
}

function sentence(text: string): string {
  // Types can be pages long; their beginning is what one recognises.
  return text
    .trim()
    .replace(/\.$/, '')
    .replace(/'([^']{72})[^']+'/g, "'$1…'");
}

function isRelative(error: ts.Diagnostic): boolean {
  return /module '\.{0,2}\//.test(ts.flattenDiagnosticMessageText(error.messageText, ' '));
}

function callAround(node: ts.Node): Span | undefined {
  for (let place = node; place && !ts.isStatement(place) && !ts.isSourceFile(place); place = place.parent) {
    if (ts.isCallExpression(place)) return spanOf(place);
    if (ts.isFunctionLike(place)) return undefined;
  }
  return undefined;
}

/** The smallest node that spans the given positions. */
function nodeAt(file: ts.SourceFile, from: number, to: number): ts.Node {
  let best: ts.Node = file;
  const visit = (node: ts.Node): void => {
    if (node.getStart(file) > from || node.getEnd() < to) return;
    best = node;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return best;
}
