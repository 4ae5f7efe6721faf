// The recurrent cells written out in plain TypeScript and double precision: what the kernels must compute.

export type Cell = 'rnnTanh' | 'rnnRelu' | 'gru' | 'lstm';
type Values = ArrayLike<number>;

const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

/** weight[rows from `first`] · vector + bias, for `count` rows. */
function affine(weight: Values, bias: Values, vector: number[], first: number, count: number): number[] {
  return Array.from({ length: count }, (_, row) =>
    vector.reduce(
      (total, value, j) => total + value * (weight[(first + row) * vector.length + j] as number),
      bias[first + row] as number,
    ),
  );
}

/** One step of a cell: the next state. */
function step(cell: Cell, inputs: Record<string, Values>, x: number[], h: number[], c: number[]) {
  const hidden = h.length;
  const side = (gate: number) => [
    affine(inputs['weightIh'] as Values, inputs['biasIh'] as Values, x, gate * hidden, hidden),
    affine(inputs['weightHh'] as Values, inputs['biasHh'] as Values, h, gate * hidden, hidden),
  ];
  const sum = (gate: number) => {
    const [a, b] = side(gate) as [number[], number[]];
    return a.map((value, i) => value + (b[i] as number));
  };
  if (cell === 'rnnTanh') return { h: sum(0).map(Math.tanh), c };
  if (cell === 'rnnRelu') return { h: sum(0).map((value) => Math.max(0, value)), c };
  if (cell === 'gru') {
    const [r, z] = [sum(0).map(sigmoid), sum(1).map(sigmoid)];
    const [a, b] = side(2) as [number[], number[]];
    const n = a.map((value, i) => Math.tanh(value + (r[i] as number) * (b[i] as number)));
    return {
      h: n.map((value, i) => (1 - (z[i] as number)) * value + (z[i] as number) * (h[i] as number)),
      c,
    };
  }
  const [i, f, o] = [sum(0).map(sigmoid), sum(1).map(sigmoid), sum(3).map(sigmoid)];
  const next = sum(2).map(
    (value, k) => (f[k] as number) * (c[k] as number) + (i[k] as number) * Math.tanh(value),
  );
  return { h: next.map((value, k) => (o[k] as number) * Math.tanh(value)), c: next };
}

/** A whole layer: y, hN and for an LSTM cN, flat. */
export function runCell(
  cell: Cell,
  inputs: Record<string, Values>,
  sizes: {
    batch: number;
    steps: number;
    inputs: number;
    hidden: number;
    lengths?: number[];
    reverse?: boolean;
  },
): number[][] {
  const { batch, steps, hidden, lengths, reverse } = sizes;
  const y = Array.from({ length: batch * steps * hidden }, () => 0);
  const last: number[][] = [[], []];
  for (let b = 0; b < batch; ++b) {
    const slice = (values: Values | undefined) =>
      Array.from({ length: hidden }, (_, j) => (values ? (values[b * hidden + j] as number) : 0));
    let state = { h: slice(inputs['h0']), c: slice(inputs['c0']) };
    const length = lengths?.[b] ?? steps;
    for (let s = 0; s < length; ++s) {
      const t = reverse ? length - 1 - s : s;
      const at = (b * steps + t) * sizes.inputs;
      const x = Array.from({ length: sizes.inputs }, (_, j) => (inputs['x'] as Values)[at + j] as number);
      state = step(cell, inputs, x, state.h, state.c);
      state.h.forEach((value, j) => (y[(b * steps + t) * hidden + j] = value));
    }
    last[0]?.push(...state.h);
    last[1]?.push(...state.c);
  }
  return [y, ...(cell === 'lstm' ? last : last.slice(0, 1))] as number[][];
}
