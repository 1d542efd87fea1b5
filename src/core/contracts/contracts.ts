// Contracts of functions and slots: units of parameters from the body, the callees, the callers and the slot; result codes from both sides.
import type { UnitName } from '../../base/unit-name.ts';
import type { Node } from 'web-tree-sitter';
import type { FunctionsIndex } from '../callgraph/functions-index.ts';
import type { WordSearch } from '../source/word-search.ts';
import type { ExpressionTypes } from '../symbols/expression-type.ts';
import { lineOfNode } from '../symbols/nodes.ts';
import type { OpsReport } from '../symbols/ops.ts';
import { parseType } from '../symbols/type-text.ts';
import type { FunctionOutline, ParameterOutline, SourceFile } from '../syntax/source-file.ts';
import type { SourceTrees } from '../syntax/trees.ts';
import type { ContractEvidence, FunctionContract, ParameterContract, ResultCode, UnitConflict } from './contract.ts';
import { assembleParameter, mayCount, mergeCodes, typeText, unitOfResult } from './assemble.ts';
import { CallSites } from './call-sites.ts';
import { UnitInference } from './infer.ts';
import type { Neighbours, UnitFact } from './unit-facts.ts';
import { forwardedCallees, ownCodes, reactions, type CallSite } from './result-codes.ts';
import { conflict, unitText } from './unit-algebra.ts';
import { conversions, sameUnit, typeUnits } from './unit-seeds.ts';

/** What contracts are inferred from. */
export interface ContractInput {
  readonly trees: SourceTrees;
  readonly search: WordSearch;
  readonly types: ExpressionTypes;
  readonly functions: FunctionsIndex;
  readonly ops: () => OpsReport;
}

const maximumDepth = 3;

/** Contracts on demand; remembers what it worked out. Made anew when a text changes. */
export class Contracts {
  private readonly input: ContractInput;
  private readonly inferences = new Map<string, UnitInference>();
  private readonly parameterFacts = new Map<string, readonly UnitFact[]>();
  private readonly active = new Set<string>();
  private readonly sites: CallSites;
  private readonly finished = new Map<string, FunctionContract | undefined>();
  private readonly neighbours: Neighbours;

  constructor(input: ContractInput) {
    this.input = input;
    this.sites = new CallSites(input);
    this.neighbours = {
      parameter: (callee, index, from) => this.quickFacts(callee, index, from)[0],
      slotParameter: (struct, member, index, from) => this.slotFacts(struct, member, index, from)[0],
      result: (callee, from) => this.resultUnit(callee, from),
    };
  }

  /** Contract of a function (`name`) or a slot (`struct.member`); undefined when the tree has neither. */
  contract(name: string): FunctionContract | undefined {
    if (!this.finished.has(name)) this.finished.set(name, name.includes('.') ? this.slotContract(name) : this.functionContract(name));
    return this.finished.get(name);
  }

  /** Contract of the function defined in a file. */
  contractIn(file: SourceFile, f: FunctionOutline): FunctionContract {
    const key = `${file.path}:${f.name}`;
    let known = this.finished.get(key);
    if (known === undefined) {
      known = this.assemble(file, f);
      this.finished.set(key, known);
    }
    return known;
  }

  /** Inference over a function, for hovers on expressions. */
  inference(file: SourceFile, f: FunctionOutline): UnitInference {
    const key = `${file.path}:${f.nameOffset}`;
    let known = this.inferences.get(key);
    if (known?.file !== file) {
      known = new UnitInference(file, f, this.input.types, this.neighbours);
      this.inferences.set(key, known);
    }
    return known;
  }

  private functionContract(name: string): FunctionContract | undefined {
    const d = this.input.functions.definitions(name)[0];
    const file = d === undefined ? undefined : this.input.trees.open(d.path);
    const f = file?.functions.find((x) => x.name === name && x.line === d?.line);
    return file === undefined || f === undefined ? undefined : this.contractIn(file, f);
  }

  private assemble(file: SourceFile, f: FunctionOutline): FunctionContract {
    this.prepareCallees(file, f);
    const sites = this.sites.byName(f.name, file, f);
    const slots = this.sites.slotsOf(f.name);
    const dispatches = slots.flatMap((s) => this.sites.dispatches(s));
    const conflicts: UnitConflict[] = [];
    const parameters = f.parameters.map((p, index): ParameterContract => {
      const inside = this.bodyFacts(file, f, p.name);
      const outsideFacts = [...sites, ...dispatches].map((s) => this.argumentFact(s, index)).filter((x): x is UnitFact => x !== undefined);
      for (const fact of outsideFacts) {
        const strongest = inside[0];
        if (strongest !== undefined && strongest.weight >= 2 && fact.weight >= 2 && conflict(strongest.unit, fact.unit)) {
          conflicts.push({
            ...fact.evidence,
            what: `argument ${index + 1} of ${f.name}: ${unitText[fact.unit]} are passed where ${unitText[strongest.unit]} are expected`,
            expected: strongest.unit,
            actual: fact.unit,
          });
        }
      }
      return assembleParameter(p, index, f.parameters, [...inside, ...outsideFacts]);
    });
    conflicts.push(...this.bodyConflicts(file, f));
    return {
      function: f.name,
      kind: 'function',
      file: file.path,
      line: f.line,
      parameters,
      returns: this.returns(file, f, [...sites, ...dispatches]),
      related: slots,
      conflicts,
    };
  }

  private slotContract(name: string): FunctionContract | undefined {
    const [struct, member] = name.split('.') as [string, string];
    const ops = this.input.ops();
    const home = this.homeOf(struct);
    const info = home === undefined ? undefined : this.input.types.declarations.struct(struct, home);
    const declared = info?.members.get(member);
    if (info === undefined || declared === undefined) return undefined;
    const implementations = ops.tables.filter((t) => t.struct === struct).flatMap((t) => t.slots.filter((s) => s.member === member));
    const contracts = implementations.map((s) => this.contract(s.function)).filter((c): c is FunctionContract => c !== undefined);
    const sites = this.sites.dispatches(name);
    const outlines = declared.parameters.map((text): ParameterOutline => {
      const m = /^(.*?)(\w+)\s*(\[[^\]]*\])?$/.exec(text);
      const named = m !== null && m[1]!.trim() !== '' && !typeWords.test(m[2]!);
      return { name: named ? m[2]! : '', type: (named ? m[1]! : text).trim(), line: declared.line, column: 1 };
    });
    const parameters = outlines.map((p, index) => {
      const facts: UnitFact[] = [];
      for (const c of contracts) {
        const q = c.parameters[index];
        if (q !== undefined && q.unit !== 'unknown' && q.unit !== 'pointer')
          facts.push(
            ...q.evidence
              .slice(0, 2)
              .map((evidence) => ({ unit: q.unit, weight: 2, evidence: { ...evidence, why: `${c.function}: ${evidence.why}` } })),
          );
      }
      for (const s of sites) {
        const fact = this.argumentFact(s, index);
        if (fact !== undefined) facts.push(fact);
      }
      const base = parseType(p.type);
      const byType = base === undefined || base.pointers > 0 ? undefined : typeUnits[base.base];
      if (byType !== undefined)
        facts.unshift({
          unit: byType,
          weight: 3,
          evidence: {
            file: declared.file,
            line: declared.line,
            text: declared.signature,
            why: `its type ${base?.base ?? ''} counts ${unitText[byType]}`,
          },
        });
      return assembleParameter(p, index, outlines, facts);
    });
    const codes: ResultCode[] = [
      ...contracts.flatMap((c) => c.returns.codes.filter((k) => k.meaning === 'returned')),
      ...sites.flatMap((s) => reactions(s)),
    ];
    const evidence: ContractEvidence = { file: declared.file, line: declared.line, text: declared.signature, why: 'declared here' };
    const unit: UnitName = contracts.find((c) => c.returns.unit !== 'unknown')?.returns.unit ?? 'unknown';
    return {
      function: name,
      kind: 'slot',
      file: declared.file,
      line: declared.line,
      parameters,
      returns: { type: typeText(declared.type), unit, evidence: [evidence], codes: mergeCodes(codes) },
      related: implementations.map((s) => s.function),
      conflicts: contracts.flatMap((c) => c.conflicts),
    };
  }

  private homeOf(struct: string): string | undefined {
    const ops = this.input.ops();
    const table = ops.tables.find((t) => t.struct === struct)?.file ?? ops.dispatches.find((d) => d.struct === struct)?.file;
    if (table !== undefined) return table;
    const pattern = new RegExp(`\\bstruct\\s+${struct}\\s*\\{`);
    return this.input.search.filesWith([`struct ${struct} {`]).find((f) => pattern.test(this.input.trees.files.read(f) ?? ''));
  }

  private returns(file: SourceFile, f: FunctionOutline, sites: readonly CallSite[]): FunctionContract['returns'] {
    const codes: ResultCode[] = [];
    const own = ownCodes(file, f);
    for (const [code, evidence] of own) codes.push({ code, meaning: 'returned', evidence: evidence.slice(0, 4) });
    for (const callee of forwardedCallees(file, f)) {
      const d = this.input.functions.knownDefinition(callee, file.path);
      const other = d === undefined ? undefined : this.input.trees.open(d.path);
      const g = other?.functions.find((x) => x.name === callee);
      if (other === undefined || g === undefined || g.name === f.name) continue;
      for (const [code, evidence] of ownCodes(other, g)) {
        if (!own.has(code))
          codes.push({
            code,
            meaning: 'returned',
            evidence: evidence.slice(0, 2).map((e) => ({ ...e, why: `${callee}() returns it and ${f.name} hands it on` })),
          });
      }
    }
    for (const s of sites) codes.push(...reactions(s));
    const evidence = codes
      .filter((c) => c.code.startsWith('-E'))
      .flatMap((c) => c.evidence)
      .slice(0, 3);
    const type = f.returnType;
    return {
      type,
      unit: unitOfResult(type, f.name, evidence.length > 0, () => this.resultOf(file, f)?.unit),
      evidence,
      codes: mergeCodes(codes),
    };
  }

  private resultOf(file: SourceFile, f: FunctionOutline): UnitFact | undefined {
    const inference = this.inference(file, f);
    for (const r of inference.node?.descendantsOfType('return_statement') ?? []) {
      const value = r.namedChild(0);
      const fact = value === null ? undefined : inference.unitOf(value);
      if (fact !== undefined && fact.unit !== 'errno') return fact;
    }
    return undefined;
  }

  private resultUnit(callee: string, from: SourceFile): UnitFact | undefined {
    const prototype = this.input.types.declarations.prototype(callee, from.path);
    const byType = prototype === undefined || prototype.returns.pointers > 0 ? undefined : typeUnits[prototype.returns.base];
    if (byType !== undefined && prototype !== undefined)
      return {
        unit: byType,
        weight: 3,
        evidence: {
          file: prototype.file,
          line: prototype.line,
          text: `${prototype.returns.base} ${callee}()`,
          why: `${callee}() returns ${prototype.returns.base}`,
        },
      };
    const key = `result ${callee}`;
    if (this.active.size >= maximumDepth || this.active.has(key)) return undefined;
    const path = from.functions.some((x) => x.name === callee) ? from.path : this.input.functions.knownDefinition(callee, from.path)?.path;
    const file = path === undefined ? undefined : this.input.trees.open(path);
    const f = file?.functions.find((x) => x.name === callee);
    if (file === undefined || f === undefined) return undefined;
    this.active.add(key);
    const fact = this.resultOf(file, f);
    this.active.delete(key);
    return fact === undefined ? undefined : { ...fact, weight: 2 };
  }

  /** Facts about a parameter from the body of its function alone. */
  private bodyFacts(file: SourceFile, f: FunctionOutline, name: string): readonly UnitFact[] {
    const key = `${file.path}:${f.name}:${name}`;
    const known = this.parameterFacts.get(key);
    if (known !== undefined) return known;
    if (this.active.has(key) || this.active.size > maximumDepth) return [];
    this.active.add(key);
    const facts = this.inference(file, f).facts(name);
    this.active.delete(key);
    if (this.active.size === 0) this.parameterFacts.set(key, facts);
    return facts;
  }

  /** Facts about a callee's parameter: its definition in reach, else its prototype. */
  private quickFacts(callee: string, index: number, from: SourceFile): readonly UnitFact[] {
    const own = from.functions.find((x) => x.name === callee);
    const d = own === undefined ? this.input.functions.knownDefinition(callee, from.path) : { path: from.path };
    const file = d === undefined ? undefined : this.input.trees.open(d.path);
    const f = file?.functions.find((x) => x.name === callee);
    const p = f?.parameters[index];
    if (file !== undefined && f !== undefined && p !== undefined) return this.bodyFacts(file, f, p.name);
    const prototype = this.input.types.declarations.prototype(callee, from.path);
    const text = prototype?.parameters[index];
    const type =
      text === undefined
        ? undefined
        : parseType(text.replace(/\b\w+$/, (w) => (/^\w+\s+\*?\w+$/.test(text) || text.includes(' ') ? '' : w)));
    const unit = type === undefined || type.pointers > 0 ? undefined : typeUnits[type.base];
    return unit === undefined || prototype === undefined
      ? []
      : [
          {
            unit,
            weight: 3,
            evidence: { file: prototype.file, line: prototype.line, text: text ?? '', why: `the prototype of ${callee} has ${text ?? ''}` },
          },
        ];
  }

  private slotFacts(struct: string, member: string, index: number, from: SourceFile): readonly UnitFact[] {
    const declared = this.input.types.declarations.struct(struct, from.path)?.members.get(member);
    const text = declared?.parameters[index];
    const type = text === undefined ? undefined : parseType(text.replace(/(?<=[\s*])\w+$/, ''));
    const unit = type === undefined || type.pointers > 0 ? undefined : typeUnits[type.base];
    if (unit !== undefined && declared !== undefined)
      return [
        {
          unit,
          weight: 3,
          evidence: {
            file: declared.file,
            line: declared.line,
            text: declared.signature,
            why: `${struct}.${member} declares ${text ?? ''}`,
          },
        },
      ];
    for (const t of this.input.ops().tables) {
      if (t.struct !== struct) continue;
      for (const s of t.slots) {
        const file = s.member === member ? this.input.trees.open(s.file) : undefined;
        const f = file?.functions.find((x) => x.name === s.function);
        const p = f?.parameters[index];
        const facts = file === undefined || f === undefined || p === undefined ? [] : this.bodyFacts(file, f, p.name);
        if (facts.length > 0) return facts;
      }
    }
    return [];
  }

  /** Unit of an argument at a call site. */
  private argumentFact(site: CallSite, index: number): UnitFact | undefined {
    const argument = site.call.childForFieldName('arguments')?.namedChildren[index];
    if (argument === undefined) return undefined;
    const fact = this.inference(site.file, site.f).unitOf(argument);
    if (fact === undefined || fact.unit === 'boolean') return undefined;
    const line = lineOfNode(argument);
    const same = fact.evidence.file === site.file.path && fact.evidence.line === line;
    return {
      unit: fact.unit,
      weight: Math.min(fact.weight, 2),
      evidence: {
        file: site.file.path,
        line,
        text: site.file.lineText(line).trim(),
        why: `${site.f.name} passes ${argument.text}: ${fact.evidence.why}${same ? '' : ` (${fact.evidence.file}:${fact.evidence.line})`}`,
      },
    };
  }

  /** Arguments whose unit differs from what the callee expects. */
  bodyConflicts(file: SourceFile, f: FunctionOutline): UnitConflict[] {
    this.prepareCallees(file, f);
    const inference = this.inference(file, f);
    const found: UnitConflict[] = [];
    const report = (node: Node, actual: UnitName, expected: UnitName, what: string): void => {
      const line = lineOfNode(node);
      if (!found.some((c) => c.line === line && c.what === what))
        found.push({ file: file.path, line, text: file.lineText(line).trim(), what, expected, actual });
    };
    for (const call of inference.calls) {
      call.childForFieldName('arguments')?.namedChildren.forEach((argument, index) => {
        const expected = inference.expected(call, index);
        if (expected === undefined || expected.weight < 2) return;
        const actual = inference.unitOf(argument);
        if (actual !== undefined && actual.weight >= 2 && conflict(expected.unit, actual.unit)) {
          report(
            argument,
            actual.unit,
            expected.unit,
            `${argument.text} counts ${unitText[actual.unit]} (${actual.evidence.why}), ${call.childForFieldName('function')?.text ?? ''}() takes ${unitText[expected.unit]}`,
          );
        }
      });
    }
    for (const b of inference.node?.descendantsOfType('binary_expression') ?? []) {
      if (!/^(\+|-|[<>]=?|[=!]=)$/.test(b.childForFieldName('operator')?.text ?? '')) continue;
      const left = b.childForFieldName('left');
      const right = b.childForFieldName('right');
      const x = left === null ? undefined : inference.unitOf(left);
      const y = right === null ? undefined : inference.unitOf(right);
      if (x !== undefined && y !== undefined && x.weight >= 2 && y.weight >= 2 && conflict(x.unit, y.unit))
        report(b, y.unit, x.unit, `${left?.text ?? ''} counts ${unitText[x.unit]}, ${right?.text ?? ''} counts ${unitText[y.unit]}`);
    }
    return found;
  }

  /** Looks up the definitions of what a function calls, with one search of the tree. */
  private prepareCallees(file: SourceFile, f: FunctionOutline): void {
    const names = this.inference(file, f).calls.map((c) => c.childForFieldName('function')?.text ?? '');
    const unknown = names.filter(
      (n) => /^[a-z_]\w*$/.test(n) && conversions[n] === undefined && !sameUnit.test(n) && !file.functions.some((g) => g.name === n),
    );
    this.input.functions.prepare(
      unknown.filter((n) => this.input.types.declarations.prototype(n, file.path)?.parameters.some(mayCount) === true),
    );
  }
}

const typeWords = /^(int|long|short|char|unsigned|signed|void|u8|u16|u32|u64|s32|s64|size_t|\w+_t)$/;
