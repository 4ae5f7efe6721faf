// W12 LeNet, W13 ResNet-18, W14 MLP: the book's image classifiers on random images, SGD, no clipping.
import {
  AvgPool2d,
  BatchNorm2d,
  Conv2d,
  Flatten,
  GlobalAvgPool2d,
  type Layer,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  type Rng,
  SGD,
  Sequential,
  Sigmoid,
  crossEntropy,
} from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Workload, randomIds, randomNormal, trainingStep } from '../workload.ts';

/** A classifier over ten classes on images of one shape. */
const classifier =
  (make: (rng: Rng) => Layer, shape: [number, number, number, number], lr: number): Workload =>
  (rng) => {
    const model = make(rng);
    const batches = Array.from({ length: 3 }, () => ({
      images: randomNormal(rng, shape),
      labels: randomIds(rng, [shape[0]], 0, 10),
    }));
    const loss = (b: (typeof batches)[number]) => crossEntropy(model.forward(b.images), b.labels);
    const optimizer = new SGD(model.parameters(), { lr });
    return { step: trainingStep(model, loss, batches, optimizer, undefined), tokens: shape[0] };
  };

const lenet = (rng: Rng) =>
  new Sequential(
    new Conv2d(1, 6, 5, { padding: 2, rng }),
    new Sigmoid(),
    new AvgPool2d(2),
    new Conv2d(6, 16, 5, { rng }),
    new Sigmoid(),
    new AvgPool2d(2),
    new Flatten(),
    new Linear(400, 120, { rng, activation: 'sigmoid' }),
    new Linear(120, 84, { rng, activation: 'sigmoid' }),
    new Linear(84, 10, { rng }),
  );

/** The book's residual block: two 3×3 convolutions and a 1×1 on the shortcut where the shape changes. */
class Residual extends Module implements Layer {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly conv3: Conv2d | undefined;
  readonly bn1: BatchNorm2d;
  readonly bn2: BatchNorm2d;

  constructor(channelsIn: number, channels: number, stride: number, rng: Rng) {
    super();
    this.conv1 = new Conv2d(channelsIn, channels, 3, { stride, padding: 1, rng });
    this.conv2 = new Conv2d(channels, channels, 3, { padding: 1, rng });
    this.conv3 = channelsIn === channels ? undefined : new Conv2d(channelsIn, channels, 1, { stride, rng });
    this.bn1 = new BatchNorm2d(channels);
    this.bn2 = new BatchNorm2d(channels);
  }

  forward(x: tf.Tensor): tf.Tensor {
    const y = this.bn2.forward(this.conv2.forward(tf.relu(this.bn1.forward(this.conv1.forward(x)))));
    return tf.relu(tf.add(y, this.conv3 === undefined ? x : this.conv3.forward(x)));
  }
}

function resnet18(rng: Rng): Sequential {
  const layers: Layer[] = [
    new Conv2d(1, 64, 7, { stride: 2, padding: 3, rng }),
    new BatchNorm2d(64),
    new ReLU(),
    new MaxPool2d(3, { stride: 2, padding: 1 }),
  ];
  let channelsIn = 64;
  for (const channels of [64, 128, 256, 512]) {
    layers.push(
      new Residual(channelsIn, channels, channels === 64 ? 1 : 2, rng),
      new Residual(channels, channels, 1, rng),
    );
    channelsIn = channels;
  }
  return new Sequential(...layers, new GlobalAvgPool2d(), new Flatten(), new Linear(512, 10, { rng }));
}

const mlp = (rng: Rng) =>
  new Sequential(
    new Flatten(),
    new Linear(784, 256, { rng, activation: 'relu' }),
    new Linear(256, 10, { rng }),
  );

export const visionWorkloads: Record<string, Workload> = {
  W12_lenet: classifier(lenet, [256, 1, 28, 28], 0.9),
  W13_resnet18: classifier(resnet18, [32, 1, 96, 96], 0.05),
  W14_mlp: classifier(mlp, [256, 1, 28, 28], 0.1),
};
