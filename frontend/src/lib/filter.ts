import type { Condition, Filter, FilterOperator } from "~/api/types";

/**
 * The text form of a filter, as in the address bar and in the API's GET form:
 * `ServiceName in ("Amazon EC2","Amazon S3") and not (ChargeCategory = "Tax" or tag:"team" is null)`.
 */
export class FilterSyntaxError extends Error {
  constructor(
    message: string,
    readonly position: number,
  ) {
    super(`${message} (at character ${position + 1})`);
  }
}

export function parseFilter(text: string): Filter | null {
  const tokens = tokenise(text);
  if (tokens.length === 1) return null;
  const parser = new Parser(tokens);
  const filter = parser.or();
  parser.end();
  return filter;
}

export function formatFilter(filter: Filter | null): string {
  return filter ? write(filter, "top") : "";
}

/** The conditions of a plain list joined by `and`, or null where the filter is more than that. */
export function asConditions(filter: Filter | null): Condition[] | null {
  if (!filter) return [];
  if ("dimension" in filter) return [filter];
  if ("and" in filter && filter.and.every((part) => "dimension" in part)) return filter.and as Condition[];
  return null;
}

export function fromConditions(conditions: Condition[]): Filter | null {
  if (conditions.length === 0) return null;
  return conditions.length === 1 ? (conditions[0] ?? null) : { and: conditions };
}

export const OPERATOR_WORDS: Record<FilterOperator, string> = {
  in: "is",
  notIn: "is not",
  contains: "contains",
  notContains: "does not contain",
  startsWith: "starts with",
  endsWith: "ends with",
  isNull: "is empty",
  isNotNull: "is not empty",
};

export function takesValues(operator: FilterOperator): boolean {
  return operator !== "isNull" && operator !== "isNotNull";
}

type Token = { kind: "word" | "string" | "symbol" | "end"; text: string; position: number };

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\s+|(tag:(?:[\w.\-/:@+]+|"(?:[^"\\]|\\.)*")|[A-Za-z_]\w*)|("(?:[^"\\]|\\.)*")|(!=|[=(),])/gy;
  while (pattern.lastIndex < text.length) {
    const position = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) {
      const quote = text[position] === '"' ? "A quoted value that does not end" : "Something unexpected";
      throw new FilterSyntaxError(quote, position);
    }
    const [, word, string, symbol] = match;
    if (word) tokens.push({ kind: "word", text: word, position });
    if (string) tokens.push({ kind: "string", text: unquote(string, position), position });
    if (symbol) tokens.push({ kind: "symbol", text: symbol, position });
  }
  tokens.push({ kind: "end", text: "the end", position: text.length });
  return tokens;
}

function unquote(string: string, position: number): string {
  try {
    return JSON.parse(string) as string;
  } catch {
    throw new FilterSyntaxError("A quoted value with an escape that JSON does not know", position);
  }
}

class Parser {
  private at = 0;
  private afterEquals = false;

  constructor(private readonly tokens: Token[]) {}

  or(): Filter {
    const parts = [this.and()];
    while (this.takeWord("or")) parts.push(this.and());
    return parts.length === 1 ? (parts[0] as Filter) : { or: parts };
  }

  end(): void {
    if (this.peek().kind !== "end") this.fail("Expected and, or, or the end");
  }

  private and(): Filter {
    const parts = [this.not()];
    while (this.takeWord("and")) parts.push(this.not());
    return parts.length === 1 ? (parts[0] as Filter) : { and: parts };
  }

  private not(): Filter {
    if (this.takeWord("not")) return { not: this.not() };
    if (this.takeSymbol("(")) {
      const inner = this.or();
      this.expectSymbol(")");
      return inner;
    }
    return this.condition();
  }

  private condition(): Filter {
    const token = this.next();
    if (token.kind !== "word") this.fail("Expected a dimension such as ServiceName", token);
    const dimension = token.text.startsWith("tag:") ? `tag:${tagKey(token.text.slice(4))}` : token.text;
    const operator = this.operator();
    return { dimension, operator, values: takesValues(operator) ? this.values(operator) : [] };
  }

  private operator(): FilterOperator {
    if (this.takeSymbol("=")) return this.oneFollows("in");
    if (this.takeSymbol("!=")) return this.oneFollows("notIn");
    this.afterEquals = false;
    if (this.takeWord("in")) return "in";
    if (this.takeWord("contains")) return "contains";
    if (this.takeWord("starts")) return this.thenWord("with", "startsWith");
    if (this.takeWord("ends")) return this.thenWord("with", "endsWith");
    if (this.takeWord("is")) {
      if (this.takeWord("not")) return this.thenWord("null", "isNotNull");
      return this.thenWord("null", "isNull");
    }
    if (this.takeWord("not")) {
      if (this.takeWord("in")) return "notIn";
      return this.thenWord("contains", "notContains");
    }
    return this.fail("Expected =, !=, in, not in, contains, starts with, ends with or is null");
  }

  private values(operator: FilterOperator): string[] {
    const listOnly = !this.afterEquals && (operator === "in" || operator === "notIn");
    if (!this.takeSymbol("(")) {
      if (listOnly) this.fail("Expected (");
      return [this.string()];
    }
    const values = [this.string()];
    while (this.takeSymbol(",")) values.push(this.string());
    this.expectSymbol(")");
    return values;
  }

  private string(): string {
    const token = this.next();
    if (token.kind !== "string") this.fail('Expected a value in "quotes"', token);
    return token.text;
  }

  /** `=` takes one value, `in` a list; both are the same operator. */
  private oneFollows(operator: FilterOperator): FilterOperator {
    this.afterEquals = true;
    if (this.peek().kind !== "string") this.fail('Expected a value in "quotes"');
    return operator;
  }

  private thenWord(word: string, operator: FilterOperator): FilterOperator {
    if (!this.takeWord(word)) this.fail(`Expected ${word}`);
    return operator;
  }

  private takeWord(word: string): boolean {
    const token = this.peek();
    if (token.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.at += 1;
    return true;
  }

  private takeSymbol(symbol: string): boolean {
    const token = this.peek();
    if (token.kind !== "symbol" || token.text !== symbol) return false;
    this.at += 1;
    return true;
  }

  private expectSymbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) this.fail(`Expected ${symbol}`);
  }

  private next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.at += 1;
    return token;
  }

  private peek(): Token {
    return this.tokens[this.at] as Token;
  }

  private fail(message: string, token = this.peek()): never {
    throw new FilterSyntaxError(`${message}, found ${token.text}`, token.position);
  }
}

function write(filter: Filter, inside: "top" | "and" | "or" | "not"): string {
  if ("dimension" in filter) return writeCondition(filter);
  if ("not" in filter) return `not (${write(filter.not, "top")})`;
  const [word, parts] = "and" in filter ? (["and", filter.and] as const) : (["or", filter.or] as const);
  const text = parts.map((part) => write(part, word)).join(` ${word} `);
  return inside === "top" || inside === word ? text : `(${text})`;
}

function writeCondition({ dimension, operator, values = [] }: Condition): string {
  const name = dimension.startsWith("tag:") ? `tag:${quote(dimension.slice(4))}` : dimension;
  const list = values.length === 1 ? quote(values[0] ?? "") : `(${values.map(quote).join(",")})`;
  switch (operator) {
    case "in":
      return values.length === 1 ? `${name} = ${list}` : `${name} in ${list}`;
    case "notIn":
      return values.length === 1 ? `${name} != ${list}` : `${name} not in ${list}`;
    case "contains":
      return `${name} contains ${list}`;
    case "notContains":
      return `${name} not contains ${list}`;
    case "startsWith":
      return `${name} starts with ${list}`;
    case "endsWith":
      return `${name} ends with ${list}`;
    case "isNull":
      return `${name} is null`;
    case "isNotNull":
      return `${name} is not null`;
  }
}

function tagKey(text: string): string {
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

/** Values are JSON strings. */
function quote(value: string): string {
  return JSON.stringify(value);
}
