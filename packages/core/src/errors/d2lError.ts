// The base of all errors that a user of the packages can cause or meet.

/** What an error says: `<operation>: <fact>, got <value>; <advice>`. */
export interface ErrorParts {
  /** The function or class that noticed, for instance `GRU.forward`. */
  operation: string;
  /** What must hold, or what is the case, for instance `input must be [batch, steps, 28]`. */
  fact: string;
  /** The offending value; left out of the message when the key is absent. */
  value?: unknown;
  /** What the reader can do, for instance `add a batch axis`. */
  advice?: string;
  /** The name of the offending argument, option or field. */
  argument?: string;
  /** A stable word for programs; each class has its own default. */
  code?: string;
  /** The lower-level error behind this one. */
  cause?: unknown;
}

/** An error with a stable `code`, the offending `argument` and its `value`. */
export class D2LError extends Error {
  readonly code: string;
  readonly argument: string | undefined;
  readonly value: unknown;

  constructor(parts: ErrorParts, defaultCode = 'ERR_D2L') {
    super(errorMessage(parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = new.target.name;
    this.code = parts.code ?? defaultCode;
    this.argument = parts.argument;
    this.value = parts.value;
  }
}

/** The sentence `<operation>: <fact>, got <value>; <advice>`. */
export function errorMessage(parts: ErrorParts): string {
  const got = 'value' in parts ? `, got ${describe(parts.value)}` : '';
  const advice = parts.advice === undefined ? '' : `; ${parts.advice}`;
  return `${parts.operation}: ${parts.fact}${got}${advice}`;
}

const maxShown = 120;

/** A short, one-line form of any value for error messages: `[32, 28]`, `"text"`, `{"a":1}`. */
export function describe(value: unknown): string {
  const text = describeWhole(value);
  return text.length > maxShown ? `${text.slice(0, maxShown - 1)}…` : text;
}

function describeWhole(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, maxShown));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (value instanceof Error) return value.message;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return describeList(value);
  if (typeof value === 'object' && value !== null) return describeObject(value);
  return String(value);
}

function describeList(list: readonly unknown[] | ArrayBufferView): string {
  const items = Array.isArray(list) ? list : list instanceof DataView ? [] : Array.from(list as Float32Array);
  const shown = items.slice(0, 16).map(describe);
  return `[${shown.join(', ')}${items.length > 16 ? ', …' : ''}]`;
}

function describeObject(value: object): string {
  try {
    const json = JSON.stringify(value);
    return json === undefined ? value.constructor.name : json;
  } catch {
    return value.constructor?.name ?? 'object';
  }
}
