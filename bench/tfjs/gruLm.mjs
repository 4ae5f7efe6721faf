// W2 in plain TensorFlow.js: a GRU character language model with the cell written out, SGD, clipping by norm.
//
// The characters are one-hot vectors, as in the other twins, so that no engine needs the embedding's gradient. The
// input products of all steps are one matmul, and each step has one more for the hidden state.
const [vocab, hidden, batch, steps] = [28, 256, 32, 35];
const [lr, maxNorm] = [1, 1];

/** One GRU step, PyTorch's: x and h are [batch, 3·hidden] products with gates r, z, n; returns [batch, hidden]. */
function cell(tf, x, state, { recurrent, recurrentBias }) {
  const h = tf.add(tf.matMul(state, recurrent), recurrentBias);
  const [xr, xz, xn] = tf.split(x, 3, 1);
  const [hr, hz, hn] = tf.split(h, 3, 1);
  const r = tf.sigmoid(tf.add(xr, hr));
  const z = tf.sigmoid(tf.add(xz, hz));
  const n = tf.tanh(tf.add(xn, tf.mul(r, hn)));
  return tf.add(n, tf.mul(z, tf.sub(state, n))); // (1 − z)·n + z·state
}

/** Prepares the training step. */
export function gruLm(tf) {
  const uniform = (shape) =>
    tf.variable(tf.randomUniform(shape, -(hidden ** -0.5), hidden ** -0.5, 'float32', 1));
  const model = {
    input: uniform([vocab, 3 * hidden]),
    inputBias: uniform([3 * hidden]),
    recurrent: uniform([hidden, 3 * hidden]),
    recurrentBias: uniform([3 * hidden]),
    output: uniform([hidden, vocab]),
    outputBias: uniform([vocab]),
  };
  const variables = Object.values(model);
  const oneHot = () =>
    tf.tidy(() =>
      tf.oneHot(tf.cast(tf.randomUniform([steps * batch], 0, vocab, 'float32', 2), 'int32'), vocab),
    );
  const batches = Array.from({ length: 4 }, () => {
    const [x, labels] = [oneHot(), oneHot()];
    return { x: tf.cast(x, 'float32'), labels: tf.cast(labels, 'float32') }; // [steps·batch, vocab]
  });

  const loss = ({ x, labels }) => {
    const products = tf.add(tf.matMul(x, model.input), model.inputBias);
    let state = tf.zeros([batch, hidden]);
    const states = tf.unstack(tf.reshape(products, [steps, batch, 3 * hidden])).map((product) => {
      state = cell(tf, product, state, model);
      return state;
    });
    const logits = tf.add(tf.matMul(tf.concat(states, 0), model.output), model.outputBias);
    return tf.losses.softmaxCrossEntropy(labels, logits);
  };

  const step = (i) =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => loss(batches[i % batches.length]), variables);
      const list = variables.map(({ name }) => grads[name]);
      const norm = tf.sqrt(tf.addN(list.map((gradient) => tf.sum(tf.square(gradient)))));
      const rate = tf.mul(tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1), lr);
      variables.forEach((variable, k) => variable.assign(tf.sub(variable, tf.mul(list[k], rate))));
      return value.dataSync()[0];
    });
  return { step };
}
